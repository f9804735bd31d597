<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Glossary</name>
    <message>
        <source>SQNR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Power of the values over the power of the quantization error, in decibels; higher is better, and one bit more gives about 6 dB.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MSE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean of the squared differences between the values before and after quantization.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The largest absolute difference between a value and its quantized version.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cosine similarity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How well the directions of the tensor before and after quantization agree; 1 is the same direction.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>KL divergence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much the distribution of the quantized values differs from that of the original ones, in nat; 0 is the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bit-width</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bits that store one value; b bits give at most 2^b different values.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The distance between two neighbouring values of the quantized grid.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zero point</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The integer that stands for the real value 0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Symmetric</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The grid lies evenly around 0, so its zero point is 0; usual for weights.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asymmetric</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The grid covers the range from the least to the greatest value, with a zero point; good for one-sided activations.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Granularity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many values share one scale: the whole model, a tensor, an output channel, or a group inside a channel.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Range estimator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The rule that chooses the range to be quantized from the measured distribution.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Percentile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The share of all values that the range keeps; what lies outside is clipped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clipping</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Values outside the range become its nearest end: a large error for few values, and a finer grid for all others.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rounding error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The error of values inside the range, at most half a scale.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Running the float model on samples to measure the ranges of its activations.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The trained parameters of a layer; known without any data.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Activations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The values that flow between layers; they depend on the input, so they have to be measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sensitivity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much the output of the whole model suffers when one layer alone is quantized to a bit-width.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Local error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The error of one tensor before and after its own quantizer, everything else left in float.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enable-one error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The error at the output of the model when only this layer is quantized.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Disable-one error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The error at the output of the model when everything but this layer is quantized.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cumulative error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The error at the output of this layer with everything before it quantized as well.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MAC</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A multiplication with an addition, the unit of a layer&apos;s arithmetic; counted for one sample.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>BOPs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bit operations: multiply-accumulates times the bits of the weights times the bits of the activations.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Energy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An estimate for one sample from a published table of what arithmetic and memory access cost in 45 nm silicon.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bytes of all parameters, packed to their bits, with scales and zero points.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Top-1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of the samples whose most likely class is the right one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Top-5</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of the samples whose right class is among the five most likely ones.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean cross entropy between the predicted probabilities and the labels, in nat; lower is better.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confidence interval</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the true value lies with 95 % probability, given how few samples were measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of the samples for which the float and the quantized model say the same class.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saturation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Many values at the ends of the range: the range is too narrow.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Outlier channel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A channel whose range is much wider than that of the others, so that a shared scale is too coarse for them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Simulated quantization</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Values are rounded to the grid and computed on in float, which shows the error without integer arithmetic.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exception</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A layer that does not follow the defaults of the plan.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Pages</name>
    <message>
        <source>Distribution</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>History</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>QObject</name>
    <message>
        <source>The pictures could not be written to %1.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>Depthwise CNN</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Breaks at 8 bits with one scale per tensor: the classic hard case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Small CNN</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Three convolutions, two fully connected layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vision transformer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Four blocks of attention</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>LSTM</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A recurrent layer over rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Perceptron</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Three fully connected layers</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright</name>
    <message>
        <source>%1 could not be written; choose another folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is a picture without numbers behind it; choose PNG, SVG or PDF.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models (*.pt *.pth *.ts *.jit *.torchscript);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open data file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Data (*.h5 *.hdf5 *.npy *.npz *.gz *ubyte *.bin);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open data folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open plan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plans (*.json);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save plan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plans (*.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sessions (*.bitwright);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sessions (*.bitwright)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where is %1 now?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>exact</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no signal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 dB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>scalar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>symmetric</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>narrow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unsigned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>asymmetric</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>power of two</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tensor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>channel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>group of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>whole model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 … %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scales (%1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zero point</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Widest range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Narrowest range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Levels used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Range by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Float values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Count</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Minimum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Standard deviation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exact zeros</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NaN or infinite</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantizer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expected local error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Local error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SQNR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean squared</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cosine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clipped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Packed size</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::ActionModel</name>
    <message>
        <source>Action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Menu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::Actions</name>
    <message>
        <source>&amp;Open model…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a model file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;data…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a data set to calibrate and evaluate with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open data f&amp;older…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a folder with one sub-folder per class, or with IDX or CIFAR files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;plan…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace the plan by that of a file (can be undone)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sa&amp;ve plan as…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the precision of every layer to a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open s&amp;ession…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a piece of work as it was saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write model, data, plan, measurements and views to a session file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save session &amp;as…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the session to another file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close Bitwright</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Find layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter the layer table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select &amp;worst layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select the layer whose weights have the least SQNR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>R&amp;eset layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the defaults again for the selected layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset &amp;all layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the defaults again for every layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Weights to &amp;%n bit(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Set the weights of the selected layers to %n bit(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Weights to &amp;float</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave the weights of the selected layers unquantized</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Calibrate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure the activations of every layer on the open data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Evaluate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare the float and the quantized model on the open data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the quantized model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export &amp;plots…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write plots as PNG, SVG, PDF or CSV</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy as command line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the call of bitwright-cli that does what was done last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel the running job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the whole screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put every view back to its first place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save layout…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep where the views are now under a name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Preferences…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theme, colour map, language, and how much is measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Glossary…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every term of this window in one sentence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Command palette…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find any action by its name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See and change the keys of every action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;About Bitwright</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version and licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;System</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colours of the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a model first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select layers first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No error is known yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every layer follows the defaults.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing has been calibrated, evaluated or exported yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No job is running.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo the last change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo what was undone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing has been changed yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing has been undone.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::Autosave</name>
    <message>
        <source>Keep a copy for recovery</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type the name of an action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of an action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Actions</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::Controller</name>
    <message>
        <source>The export was cancelled; nothing was written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 does not exist.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The plan %1 is applied as soon as a model is open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open plan</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>The plan names %n layer(s) that this model does not have (%1).</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Open plan %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save plan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a model first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open data first: ranges of activations are measured on samples.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calibrate first: the exported model needs the ranges of its activations.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calibrate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Evaluate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::EvaluationPage</name>
    <message>
        <source>Not evaluated yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Evaluate runs the float and the quantized model over the open data and compares them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Float</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Difference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Evaluation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 ± %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of samples; ± is half the 95 % confidence interval (Wilson).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Top-1 accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Top-5 accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cross entropy (nat)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean loss over the samples; lower is better.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Macro F1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean over the classes of the harmonic mean of precision and recall.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Same top-1 as float</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of samples for which both models predict the same class.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Output SQNR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signal-to-quantization-noise ratio of the model&apos;s output.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All parameters; packed with scales and zero points.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1× smaller</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size, Huffman coded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same with entropy-coded weights, as in Deep Compression.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bit operations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Multiply-accumulates × weight bits × activation bits, one sample.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Energy estimate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One sample, arithmetic and memory, after %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 µJ</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n sample(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>%1 → %2 top-1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Output SQNR %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measured on %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Partial: the evaluation was cancelled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The plan has changed since: evaluate again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::ExportDialog</name>
    <message>
        <source>&amp;Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export quantized model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Format</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Browse for a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Format:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>F&amp;ile:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (*%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is the opened model itself; choose another file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An export is running.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Written: %1 (%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Integer engine: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Loaded again and compared with the simulation on %n sample(s): largest difference %1, SQNR %2</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Same top-1: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::GlossaryDialog</name>
    <message>
        <source>Glossary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the glossary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Terms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Term</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What it is</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::HistogramPage</name>
    <message>
        <source>Statistics</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Output activation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tensor kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the weights or the output of the selected layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight tensor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which of the layer&apos;s weights to show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Logarithmic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Logarithmic density axis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the whole tensor and its range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No layer is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model is open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select a layer in the table to see the distribution of its values before and after quantization.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 has no weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its output can be shown after calibration.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The output of %1 has not been measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open data and calibrate: one pass over the samples collects the statistics of every activation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Distribution of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::HistogramPlot</name>
    <message>
        <source>Float</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clipped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Histogram of float and quantized values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wheel: zoom. Drag: move. Double-click: show everything.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Density (logarithmic)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Density</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::HistoryPage</name>
    <message>
        <source>Plan as opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>History</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click a step to go back or forward to it</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::JobModel</name>
    <message>
        <source>Queued</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 %2 of %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>took %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: stopping</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::JobRunner</name>
    <message>
        <source>What was finished is kept and marked partial.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::JobsPage</name>
    <message>
        <source>&amp;Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C&amp;lear finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear finished jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening, calibrating, evaluating and exporting appear here with their progress.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the selected job, or the running one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No job is running.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove finished jobs from the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No job has finished yet.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::LayerModel</name>
    <message>
        <source>&quot;%1&quot; is not one of the choices.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weight bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weight scheme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weight granularity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>activation bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>activation scheme</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2 → %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: reset to defaults</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Module path of the layer; sorts by execution order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Operator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the layer computes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shape of the weight, or → of the output where there is none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Elements of weights and biases</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>W bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number format of the weights; double-click or F2 to change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>W scheme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the integer grid of the weights lies around zero</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>W granularity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many scales the weights have</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number format of the layer&apos;s output</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A scheme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the integer grid of the output lies around zero</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>W SQNR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signal-to-quantization-noise ratio of the weights in dB: higher is better, one bit is worth about 6 dB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A SQNR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signal-to-quantization-noise ratio of the output by its own quantizer in dB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Packed bytes of the weights, scales and zero points included</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>input</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight %1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Output: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No quantized weights.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unknown until the model is calibrated, or not quantized.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Local error: signal-to-quantization-noise ratio of this tensor alone.
MSE %1, largest error %2, clipped %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This layer has no weights.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This number format has no scheme.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, range by %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (differs from the default)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Packed weights with scales and zero points; %1 as stored in the file</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::LayerPage</name>
    <message>
        <source>No model is open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a TorchScript file, or drop one here, to see what quantization does to every layer. Data (HDF5, class folders, IDX, CIFAR, NumPy) and plans can be dropped too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter by name or operator (regular expression)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rows whose name or operator matches stay, for example &quot;^features|linear&quot;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Totals</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2 (taken literally)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 parameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 multiply-accumulates per sample</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 → %2 (%3× smaller)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>worst weights: %1 at %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::LiveReports</name>
    <message>
        <source>Error of %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::MainWindow</name>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show or hide this view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Layouts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Main tool bar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the layout:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Layers only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layers and &amp;details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layers and &amp;results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show these views only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A layout that you saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget “%1”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove this layout from the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About Bitwright</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&lt;h3&gt;Bitwright %1&lt;/h3&gt;&lt;p&gt;Workbench for neural-network quantization.&lt;/p&gt;&lt;p&gt;GNU General Public License, version 3 or later.&lt;/p&gt;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bitwright</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1[*] – Bitwright</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model moved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not where the session left it, or it has changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Find it…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bitwright ended without saving the work on %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Bitwright ended without saving %n piece(s) of work; the newest is on %1.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Recover</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unsaved session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The plan has changes that have not been saved.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::MessageBar</name>
    <message>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::PlotExportDialog</name>
    <message>
        <source>&amp;Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export plots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The numbers behind the plots, with decimal points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixels, twice as fine as the screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lines and letters that stay sharp at any size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Folder:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2 written</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) written to %1.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Folder for the plots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An export is running.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a plot first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a format first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder first.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::PlotExporter</name>
    <message>
        <source>The folder %1 cannot be made; choose another one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The window was closed.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::PreferencesDialog</name>
    <message>
        <source>Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colours of the window; System follows the desktop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colours of heat maps and of shaded cells, all fit for colour-blind eyes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language of the window, from the next start on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calibration samples</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many samples the ranges of activations are measured on, at most</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many samples run together; larger batches take more memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cores that computations use, from the next start on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All cores</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language and threads take effect when Bitwright is started again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>System</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Viridis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cividis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Grey</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Theme:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Colour map:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Language:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calibration &amp;samples:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Batch:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>T&amp;hreads:</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::RecentFiles</name>
    <message>
        <source>%1 does not exist any more.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::SessionKeeper</name>
    <message>
        <source>Open %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save session</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::ShortcutDialog</name>
    <message>
        <source>&amp;Assign</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;No key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Default</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type the name of an action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of an action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give these keys to the selected action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the keys of the selected action away</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the selected action the keys it had at first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New &amp;keys:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All to de&amp;faults</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Actions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“%1”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>⚠ %1 already belongs to %2; Assign takes it away there.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::StartPage</name>
    <message>
        <source>Bitwright</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See what quantization does to every layer, and decide its precision.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Or drop a model, data, a plan or a session anywhere on this window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sample models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opens %1 with its data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sample models are not installed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What to do first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1.  Open a model: the layer table shows the error of its weights at 8 bits at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>2.  Open data: calibration measures the activations, and their errors appear.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>3.  The worst layer is selected. Press 1 to 8 to set its bits and watch every number follow.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>4.  Press F5 to measure the accuracy, Ctrl+Z to take a step back, Ctrl+E to export.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+K finds any action by its name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 does not exist any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing yet.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::StatusProgress</name>
    <message>
        <source>Progress of the running job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel running job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel the running job (%1)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>Workbench for neural-network quantization.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model or session to open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Data to calibrate and evaluate with.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plan file to apply.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Render every page to PNG files and quit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language of the window: en, zh_CN.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>

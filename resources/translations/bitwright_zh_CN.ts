<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>QObject</name>
    <message>
        <location filename="../../widgets/grab.cpp" line="75"/>
        <source>The pictures could not be written to %1.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright</name>
    <message>
        <location filename="../../widgets/dialogs/file_dialogs.cpp" line="37"/>
        <source>Open model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/file_dialogs.cpp" line="38"/>
        <source>Models (*.pt *.pth *.ts *.jit *.torchscript);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/file_dialogs.cpp" line="45"/>
        <source>Open data file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/file_dialogs.cpp" line="46"/>
        <source>Data (*.h5 *.hdf5 *.npy *.npz *.gz *ubyte *.bin);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/file_dialogs.cpp" line="53"/>
        <source>Open data folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/file_dialogs.cpp" line="59"/>
        <source>Open plan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/file_dialogs.cpp" line="60"/>
        <source>Plans (*.json);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/file_dialogs.cpp" line="67"/>
        <source>Save plan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/file_dialogs.cpp" line="67"/>
        <source>Plans (*.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/format.cpp" line="45"/>
        <source>exact</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/format.cpp" line="45"/>
        <source>no signal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/format.cpp" line="48"/>
        <source>%1 dB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/format.cpp" line="53"/>
        <source>%1 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/format.cpp" line="69"/>
        <source>%1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/format.cpp" line="70"/>
        <source>%1 min %2 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/format.cpp" line="78"/>
        <source>scalar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/format.cpp" line="103"/>
        <source>symmetric</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/format.cpp" line="105"/>
        <source>narrow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/format.cpp" line="107"/>
        <source>unsigned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/format.cpp" line="109"/>
        <source>asymmetric</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/format.cpp" line="111"/>
        <source>power of two</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/format.cpp" line="120"/>
        <source>tensor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/format.cpp" line="122"/>
        <source>channel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/format.cpp" line="124"/>
        <source>group of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/format.cpp" line="126"/>
        <source>whole model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="24"/>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="29"/>
        <source>%1 … %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="36"/>
        <source>Scale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="37"/>
        <source>Scales (%1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="41"/>
        <source>Zero point</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="43"/>
        <source>Range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="43"/>
        <source>Widest range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="45"/>
        <source>Narrowest range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="49"/>
        <source>Levels used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="49"/>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="51"/>
        <source>Range by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="61"/>
        <source>Float values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="62"/>
        <source>Count</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="63"/>
        <source>Minimum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="64"/>
        <source>Maximum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="65"/>
        <source>Mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="66"/>
        <source>Standard deviation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="67"/>
        <source>Exact zeros</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="70"/>
        <source>NaN or infinite</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="73"/>
        <source>Quantizer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="75"/>
        <source>Expected local error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="75"/>
        <source>Local error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="76"/>
        <source>SQNR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="77"/>
        <source>Mean squared</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="79"/>
        <source>Largest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="80"/>
        <source>Cosine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="83"/>
        <source>Clipped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/distribution_lines.cpp" line="85"/>
        <source>Packed size</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::Actions</name>
    <message>
        <location filename="../../widgets/actions.cpp" line="60"/>
        <source>&amp;Open model…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="60"/>
        <source>Open a model file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="61"/>
        <source>Open model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="64"/>
        <source>Open &amp;data…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="64"/>
        <source>Open a data set to calibrate and evaluate with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="65"/>
        <source>Open data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="67"/>
        <source>Open &amp;plan…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="67"/>
        <source>Replace the plan by that of a file (can be undone)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="68"/>
        <source>&amp;Save plan as…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="68"/>
        <source>Write the precision of every layer to a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="70"/>
        <source>&amp;Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="70"/>
        <source>Close Bitwright</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="77"/>
        <source>&amp;Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="78"/>
        <source>&amp;Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="83"/>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="83"/>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="87"/>
        <source>&amp;Find layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="87"/>
        <source>Filter the layer table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="89"/>
        <source>Select &amp;worst layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="89"/>
        <source>Select the layer whose weights have the least SQNR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="91"/>
        <source>R&amp;eset layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="91"/>
        <source>Take the defaults again for the selected layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="93"/>
        <source>Reset &amp;all layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="93"/>
        <source>Take the defaults again for every layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../../widgets/actions.cpp" line="95"/>
        <source>Weights to &amp;%n bit(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../widgets/actions.cpp" line="96"/>
        <source>Set the weights of the selected layers to %n bit(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="102"/>
        <source>Weights to &amp;float</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="102"/>
        <source>Leave the weights of the selected layers unquantized</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="110"/>
        <source>&amp;Calibrate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="110"/>
        <source>Measure the activations of every layer on the open data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="113"/>
        <source>&amp;Evaluate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="113"/>
        <source>Compare the float and the quantized model on the open data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="116"/>
        <source>E&amp;xport…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="116"/>
        <source>Write the quantized model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="117"/>
        <source>Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="119"/>
        <source>&amp;Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="119"/>
        <source>Cancel the running job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="125"/>
        <source>&amp;Full screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="125"/>
        <source>Use the whole screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="128"/>
        <source>&amp;About Bitwright</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="128"/>
        <source>Version and licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="132"/>
        <source>&amp;System</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="132"/>
        <source>&amp;Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="132"/>
        <source>&amp;Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="134"/>
        <source>Colours of the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="155"/>
        <source>%1 (%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="165"/>
        <source>Open a model first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="168"/>
        <source>Select layers first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="176"/>
        <source>No error is known yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="180"/>
        <source>Every layer follows the defaults.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="187"/>
        <source>No job is running.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="190"/>
        <source>Undo: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="190"/>
        <source>Undo the last change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="192"/>
        <source>Redo: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="192"/>
        <source>Redo what was undone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="193"/>
        <source>Nothing has been changed yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/actions.cpp" line="194"/>
        <source>Nothing has been undone.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::Controller</name>
    <message>
        <location filename="../../widgets/controller.cpp" line="70"/>
        <source>The export was cancelled; nothing was written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/controller.cpp" line="97"/>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/controller.cpp" line="97"/>
        <source>%1 does not exist.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/controller.cpp" line="114"/>
        <location filename="../../widgets/controller.cpp" line="134"/>
        <source>Open %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/controller.cpp" line="152"/>
        <source>The plan %1 is applied as soon as a model is open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/controller.cpp" line="158"/>
        <source>Open plan</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../../widgets/controller.cpp" line="173"/>
        <source>The plan names %n layer(s) that this model does not have (%1).</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../widgets/controller.cpp" line="176"/>
        <source>Open plan %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/controller.cpp" line="183"/>
        <source>Save plan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/controller.cpp" line="193"/>
        <location filename="../../widgets/controller.cpp" line="207"/>
        <source>Open a model first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/controller.cpp" line="195"/>
        <source>Open data first: ranges of activations are measured on samples.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/controller.cpp" line="209"/>
        <source>Calibrate first: the exported model needs the ranges of its activations.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/controller.cpp" line="221"/>
        <source>Calibrate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/controller.cpp" line="246"/>
        <source>Evaluate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/controller.cpp" line="263"/>
        <source>Export %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::EvaluationPage</name>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="43"/>
        <source>Not evaluated yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="44"/>
        <source>Evaluate runs the float and the quantized model over the open data and compares them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="55"/>
        <source>Measure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="55"/>
        <source>Float</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="55"/>
        <source>Quantized</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="55"/>
        <source>Difference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="56"/>
        <source>Evaluation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="98"/>
        <source>%1 ± %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="102"/>
        <source>%1 points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="110"/>
        <source>Share of samples; ± is half the 95 % confidence interval (Wilson).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="112"/>
        <source>Top-1 accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="114"/>
        <source>Top-5 accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="116"/>
        <source>Cross entropy (nat)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="116"/>
        <source>Mean loss over the samples; lower is better.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="120"/>
        <source>Macro F1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="120"/>
        <source>Mean over the classes of the harmonic mean of precision and recall.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="124"/>
        <source>Same top-1 as float</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="125"/>
        <source>Share of samples for which both models predict the same class.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="127"/>
        <source>Output SQNR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="127"/>
        <source>Signal-to-quantization-noise ratio of the model&apos;s output.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="130"/>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="130"/>
        <source>All parameters; packed with scales and zero points.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="131"/>
        <source>%1× smaller</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="132"/>
        <source>Size, Huffman coded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="132"/>
        <source>The same with entropy-coded weights, as in Deep Compression.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="134"/>
        <source>Bit operations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="134"/>
        <source>Multiply-accumulates × weight bits × activation bits, one sample.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="136"/>
        <source>Energy estimate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="137"/>
        <source>One sample, arithmetic and memory, after %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="138"/>
        <source>%1 µJ</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../../widgets/pages/evaluation_page.cpp" line="150"/>
        <source>%n sample(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="153"/>
        <source>%1 → %2 top-1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="155"/>
        <source>Output SQNR %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="156"/>
        <source>Measured on %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="158"/>
        <source>Partial: the evaluation was cancelled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/evaluation_page.cpp" line="160"/>
        <source>The plan has changed since: evaluate again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::ExportDialog</name>
    <message>
        <location filename="../../widgets/dialogs/export_dialog.cpp" line="30"/>
        <source>&amp;Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/export_dialog.cpp" line="32"/>
        <source>Export quantized model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/export_dialog.cpp" line="40"/>
        <source>Format</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/export_dialog.cpp" line="41"/>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/export_dialog.cpp" line="42"/>
        <source>Result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/export_dialog.cpp" line="43"/>
        <source>&amp;Browse…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/export_dialog.cpp" line="44"/>
        <source>Browse for a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/export_dialog.cpp" line="49"/>
        <source>&amp;Format:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/export_dialog.cpp" line="51"/>
        <source>F&amp;ile:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/export_dialog.cpp" line="90"/>
        <source>Export to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/export_dialog.cpp" line="91"/>
        <source>%1 (*%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/export_dialog.cpp" line="104"/>
        <source>This is the opened model itself; choose another file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/export_dialog.cpp" line="109"/>
        <source>An export is running.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/export_dialog.cpp" line="110"/>
        <source>Exporting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/export_dialog.cpp" line="118"/>
        <source>Written: %1 (%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/export_dialog.cpp" line="120"/>
        <source>Integer engine: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../../widgets/dialogs/export_dialog.cpp" line="123"/>
        <source>Loaded again and compared with the simulation on %n sample(s): largest difference %1, SQNR %2</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../widgets/dialogs/export_dialog.cpp" line="128"/>
        <source>Same top-1: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::HistogramPage</name>
    <message>
        <location filename="../../widgets/pages/histogram_page.cpp" line="46"/>
        <source>Statistics</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/histogram_page.cpp" line="77"/>
        <source>Weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/histogram_page.cpp" line="77"/>
        <source>Output activation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/histogram_page.cpp" line="78"/>
        <source>Tensor kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/histogram_page.cpp" line="79"/>
        <source>Show the weights or the output of the selected layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/histogram_page.cpp" line="81"/>
        <source>Weight tensor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/histogram_page.cpp" line="82"/>
        <source>Which of the layer&apos;s weights to show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/histogram_page.cpp" line="83"/>
        <source>Logarithmic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/histogram_page.cpp" line="86"/>
        <source>Fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/histogram_page.cpp" line="88"/>
        <source>Logarithmic density axis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/histogram_page.cpp" line="89"/>
        <source>Show the whole tensor and its range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/histogram_page.cpp" line="94"/>
        <source>%1 (%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/histogram_page.cpp" line="161"/>
        <source>No layer is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/histogram_page.cpp" line="161"/>
        <source>No model is open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/histogram_page.cpp" line="162"/>
        <source>Select a layer in the table to see the distribution of its values before and after quantization.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/histogram_page.cpp" line="171"/>
        <source>%1 has no weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/histogram_page.cpp" line="171"/>
        <source>Its output can be shown after calibration.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/histogram_page.cpp" line="175"/>
        <source>The output of %1 has not been measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/histogram_page.cpp" line="176"/>
        <source>Open data and calibrate: one pass over the samples collects the statistics of every activation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/histogram_page.cpp" line="193"/>
        <source>Distribution of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/histogram_page.cpp" line="219"/>
        <source>%1: %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::HistogramPlot</name>
    <message>
        <location filename="../../widgets/plots/histogram_plot.cpp" line="63"/>
        <source>Float</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/plots/histogram_plot.cpp" line="64"/>
        <source>Quantized</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/plots/histogram_plot.cpp" line="65"/>
        <source>Clipped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/plots/histogram_plot.cpp" line="82"/>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/plots/histogram_plot.cpp" line="189"/>
        <source>Histogram</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/plots/histogram_plot.cpp" line="190"/>
        <source>Histogram of float and quantized values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/plots/histogram_plot.cpp" line="191"/>
        <source>Wheel: zoom. Drag: move. Double-click: show everything.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/plots/histogram_plot.cpp" line="252"/>
        <source>Density (logarithmic)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/plots/histogram_plot.cpp" line="252"/>
        <source>Density</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::JobModel</name>
    <message>
        <location filename="../../widgets/models/job_model.cpp" line="15"/>
        <source>Queued</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/job_model.cpp" line="17"/>
        <source>Running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/job_model.cpp" line="19"/>
        <source>Stopping</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/job_model.cpp" line="21"/>
        <source>Finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/job_model.cpp" line="23"/>
        <source>Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/job_model.cpp" line="25"/>
        <source>Cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/job_model.cpp" line="36"/>
        <source>%1 %2 of %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/job_model.cpp" line="43"/>
        <source>took %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/job_model.cpp" line="45"/>
        <source>%1 left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/job_model.cpp" line="54"/>
        <source>%1: stopping</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/job_model.cpp" line="58"/>
        <source>%1, %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/job_model.cpp" line="127"/>
        <source>Job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/job_model.cpp" line="127"/>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/job_model.cpp" line="127"/>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/job_model.cpp" line="127"/>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/job_model.cpp" line="127"/>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::JobRunner</name>
    <message>
        <location filename="../../widgets/job_runner.cpp" line="149"/>
        <source>What was finished is kept and marked partial.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::JobsPage</name>
    <message>
        <location filename="../../widgets/pages/jobs_page.cpp" line="54"/>
        <source>&amp;Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/jobs_page.cpp" line="55"/>
        <source>C&amp;lear finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/jobs_page.cpp" line="59"/>
        <source>Jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/jobs_page.cpp" line="72"/>
        <source>Cancel job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/jobs_page.cpp" line="73"/>
        <source>Clear finished jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/jobs_page.cpp" line="85"/>
        <source>No jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/jobs_page.cpp" line="85"/>
        <source>Opening, calibrating, evaluating and exporting appear here with their progress.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/jobs_page.cpp" line="110"/>
        <source>Stop the selected job, or the running one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/jobs_page.cpp" line="111"/>
        <source>No job is running.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/jobs_page.cpp" line="113"/>
        <source>Remove finished jobs from the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/jobs_page.cpp" line="113"/>
        <source>No job has finished yet.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::LayerModel</name>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="25"/>
        <source>&quot;%1&quot; is not one of the choices.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="33"/>
        <source>weight bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="35"/>
        <source>weight scheme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="37"/>
        <source>weight granularity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="39"/>
        <source>activation bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="41"/>
        <source>activation scheme</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../../widgets/models/layer_edits.cpp" line="129"/>
        <location filename="../../widgets/models/layer_edits.cpp" line="145"/>
        <source>%n layer(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="132"/>
        <source>%1: %2 → %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="147"/>
        <source>%1: reset to defaults</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="159"/>
        <source>Layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="159"/>
        <source>Module path of the layer; sorts by execution order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="160"/>
        <source>Operator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="160"/>
        <source>What the layer computes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="161"/>
        <source>Shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="161"/>
        <source>Shape of the weight, or → of the output where there is none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="162"/>
        <source>Parameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="162"/>
        <source>Elements of weights and biases</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="163"/>
        <source>W bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="163"/>
        <source>Number format of the weights; double-click or F2 to change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="164"/>
        <source>W scheme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="164"/>
        <source>How the integer grid of the weights lies around zero</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="165"/>
        <source>W granularity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="165"/>
        <source>How many scales the weights have</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="166"/>
        <source>A bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="166"/>
        <source>Number format of the layer&apos;s output</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="167"/>
        <source>A scheme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="167"/>
        <source>How the integer grid of the output lies around zero</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="168"/>
        <source>W SQNR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="168"/>
        <source>Signal-to-quantization-noise ratio of the weights in dB: higher is better, one bit is worth about 6 dB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="170"/>
        <source>A SQNR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="170"/>
        <source>Signal-to-quantization-noise ratio of the output by its own quantizer in dB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="171"/>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_edits.cpp" line="171"/>
        <source>Packed bytes of the weights, scales and zero points included</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_model.cpp" line="124"/>
        <source>input</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_model.cpp" line="191"/>
        <source>Weight %1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_model.cpp" line="192"/>
        <source>Output: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_model.cpp" line="199"/>
        <source>No quantized weights.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_model.cpp" line="200"/>
        <source>Unknown until the model is calibrated, or not quantized.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_model.cpp" line="201"/>
        <source>Local error: signal-to-quantization-noise ratio of this tensor alone.
MSE %1, largest error %2, clipped %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_model.cpp" line="208"/>
        <source>This layer has no weights.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_model.cpp" line="209"/>
        <source>This number format has no scheme.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_model.cpp" line="211"/>
        <source>%1, range by %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_model.cpp" line="213"/>
        <source>%1 (differs from the default)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/models/layer_model.cpp" line="217"/>
        <source>Packed weights with scales and zero points; %1 as stored in the file</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::LayerPage</name>
    <message>
        <location filename="../../widgets/pages/layer_page.cpp" line="31"/>
        <source>No model is open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/layer_page.cpp" line="32"/>
        <source>Open a TorchScript file, or drop one here, to see what quantization does to every layer. Data (HDF5, class folders, IDX, CIFAR, NumPy) and plans can be dropped too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/layer_page.cpp" line="52"/>
        <source>Filter by name or operator (regular expression)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/layer_page.cpp" line="53"/>
        <source>Filter layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/layer_page.cpp" line="55"/>
        <source>Rows whose name or operator matches stay, for example &quot;^features|linear&quot;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/layer_page.cpp" line="61"/>
        <source>Totals</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/layer_page.cpp" line="84"/>
        <source>Layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../../widgets/pages/layer_page.cpp" line="122"/>
        <source>%n layer(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../widgets/pages/layer_page.cpp" line="123"/>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/layer_page.cpp" line="124"/>
        <source>%1 of %2 (taken literally)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/layer_page.cpp" line="176"/>
        <source>%1 parameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/layer_page.cpp" line="177"/>
        <source>%1 multiply-accumulates per sample</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/layer_page.cpp" line="180"/>
        <source>%1 → %2 (%3× smaller)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/pages/layer_page.cpp" line="186"/>
        <source>worst weights: %1 at %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::LiveReports</name>
    <message>
        <location filename="../../widgets/live_reports.cpp" line="105"/>
        <source>Error of %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::MainWindow</name>
    <message>
        <location filename="../../widgets/main_window.cpp" line="85"/>
        <source>Plan as opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="86"/>
        <location filename="../../widgets/main_window.cpp" line="116"/>
        <source>History</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="87"/>
        <source>Click a step to go back or forward to it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="111"/>
        <source>Distribution</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="114"/>
        <source>Accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="117"/>
        <source>Jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="129"/>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="131"/>
        <source>Open data f&amp;older…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="132"/>
        <source>Open a folder with one sub-folder per class, or with IDX or CIFAR files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="137"/>
        <source>Open &amp;recent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="146"/>
        <source>&amp;Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="150"/>
        <source>&amp;Layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="154"/>
        <source>&amp;Run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="156"/>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="162"/>
        <source>&amp;Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="164"/>
        <source>&amp;Reset layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="167"/>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="176"/>
        <source>Main tool bar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="237"/>
        <source>About Bitwright</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="238"/>
        <source>&lt;h3&gt;Bitwright %1&lt;/h3&gt;&lt;p&gt;Workbench for neural-network quantization.&lt;/p&gt;&lt;p&gt;GNU General Public License, version 3 or later.&lt;/p&gt;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="278"/>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="280"/>
        <source>Data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="331"/>
        <source>Bitwright</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window.cpp" line="331"/>
        <source>%1[*] – Bitwright</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window_events.cpp" line="35"/>
        <source>Unsaved plan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/main_window_events.cpp" line="35"/>
        <source>The plan has changes that have not been saved.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::MessageBar</name>
    <message>
        <location filename="../../widgets/message_bar.cpp" line="23"/>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/message_bar.cpp" line="30"/>
        <source>Close message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/message_bar.cpp" line="31"/>
        <source>Close this message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/message_bar.cpp" line="47"/>
        <source>%1: %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::RecentFiles</name>
    <message>
        <location filename="../../widgets/recent_files.cpp" line="44"/>
        <source>%1 does not exist any more.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>bitwright::StatusProgress</name>
    <message>
        <location filename="../../widgets/status_progress.cpp" line="24"/>
        <source>Progress of the running job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/status_progress.cpp" line="25"/>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/status_progress.cpp" line="26"/>
        <source>Cancel running job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../widgets/status_progress.cpp" line="27"/>
        <source>Cancel the running job (%1)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <location filename="../../app/main.cpp" line="33"/>
        <source>Workbench for neural-network quantization.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../app/main.cpp" line="37"/>
        <source>Model file to open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../app/main.cpp" line="40"/>
        <source>Data to calibrate and evaluate with.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../app/main.cpp" line="43"/>
        <source>Plan file to apply.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../app/main.cpp" line="47"/>
        <source>Render every page to PNG files and quit.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>

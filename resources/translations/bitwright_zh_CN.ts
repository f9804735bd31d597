<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Core</name>
    <message>
        <source>This layer has no weights to diagnose.</source>
        <translation>该层没有可供诊断的权重。</translation>
    </message>
    <message>
        <source>There are no samples to evaluate on.</source>
        <translation>没有可用于评估的样本。</translation>
    </message>
    <message>
        <source>There are no samples to calibrate with.</source>
        <translation>没有可用于校准的样本。</translation>
    </message>
    <message>
        <source>There are no samples to measure the sensitivity on.</source>
        <translation>没有可用于测量敏感度的样本。</translation>
    </message>
    <message>
        <source>There are no samples to train on.</source>
        <translation>没有可用于训练的样本。</translation>
    </message>
    <message>
        <source>The model gives no output tensor that could be compared.</source>
        <translation>模型没有可供比较的输出张量。</translation>
    </message>
    <message>
        <source>The model answered %1 samples of a batch of %2; a batch size may be fixed in the file, so try --batch %3.</source>
        <translation>一批 %2 个样本中模型只回答了 %1 个；文件中可能固定了批大小，请把批大小设为 %3。</translation>
    </message>
    <message>
        <source>The data have the label %1, but the model knows only the %2 classes 0 to %3; check that data and model belong together.</source>
        <translation>数据中有标签 %1，但模型只有 0 到 %3 共 %2 个类别；请检查数据与模型是否匹配。</translation>
    </message>
    <message>
        <source>The sensitivity sweep has not measured all layers yet; run it to the end to get an estimate.</source>
        <translation>敏感度扫描尚未测完所有层；运行完毕后即可得到估计值。</translation>
    </message>
    <message>
        <source>Cannot open the file (%1).</source>
        <translation>无法打开文件（%1）。</translation>
    </message>
    <message>
        <source>The file cannot be read (is it a folder?).</source>
        <translation>无法读取该文件（它是文件夹吗？）。</translation>
    </message>
    <message>
        <source>The file is larger than %1 bytes.</source>
        <translation>文件大于 %1 字节。</translation>
    </message>
    <message>
        <source>Reading the file failed.</source>
        <translation>读取文件失败。</translation>
    </message>
    <message>
        <source>Reading failed (%1).</source>
        <translation>读取失败（%1）。</translation>
    </message>
    <message>
        <source>The elements are neither integers nor 16, 32 or 64-bit floats.</source>
        <translation>元素既不是整数，也不是 16、32 或 64 位浮点数。</translation>
    </message>
    <message>
        <source>The data lies in other files; copy it into one file first.</source>
        <translation>数据位于其他文件中；请先将其复制到一个文件中。</translation>
    </message>
    <message>
        <source>The compression filter &quot;%1&quot; is not supported; use gzip.</source>
        <translation>不支持压缩过滤器“%1”；请使用 gzip。</translation>
    </message>
    <message>
        <source>There is no such dataset in the file.</source>
        <translation>文件中没有这个数据集。</translation>
    </message>
    <message>
        <source>The dataset cannot be opened; it is a group or damaged.</source>
        <translation>无法打开该数据集；它是一个组，或已损坏。</translation>
    </message>
    <message>
        <source>The HDF5 file is damaged or truncated, or open for writing elsewhere.</source>
        <translation>HDF5 文件已损坏或被截断，或正被其他程序写入。</translation>
    </message>
    <message>
        <source>There is no such file.</source>
        <translation>没有这个文件。</translation>
    </message>
    <message>
        <source>There is no such file or folder.</source>
        <translation>没有这个文件或文件夹。</translation>
    </message>
    <message>
        <source>This is not a file.</source>
        <translation>这不是文件。</translation>
    </message>
    <message>
        <source>This is not an HDF5 file, or it cannot be read.</source>
        <translation>这不是 HDF5 文件，或无法读取。</translation>
    </message>
    <message>
        <source>The HDF5 file is damaged: reading it would crash the HDF5 library.</source>
        <translation>HDF5 文件已损坏：读取它会使 HDF5 库崩溃。</translation>
    </message>
    <message>
        <source>Reading row %1 failed; the data is damaged or truncated.</source>
        <translation>读取第 %1 行失败；数据已损坏或被截断。</translation>
    </message>
    <message>
        <source>The HDF5 file cannot be created; check the folder and its permissions.</source>
        <translation>无法创建 HDF5 文件；请检查文件夹及其权限。</translation>
    </message>
    <message>
        <source>Writing failed; is the disk full?</source>
        <translation>写入失败；磁盘已满？</translation>
    </message>
    <message>
        <source>The file cannot be written; is the disk full?</source>
        <translation>无法写入文件；磁盘已满？</translation>
    </message>
    <message>
        <source>The file with the weights cannot be written; is the disk full?</source>
        <translation>无法写入权重文件；磁盘已满？</translation>
    </message>
    <message>
        <source>The file cannot be finished; is the disk full?</source>
        <translation>无法完成文件写入；磁盘已满？</translation>
    </message>
    <message>
        <source>The file cannot be read.</source>
        <translation>无法读取该文件。</translation>
    </message>
    <message>
        <source>The statistics are damaged; calibrate again.</source>
        <translation>统计数据已损坏；请重新校准。</translation>
    </message>
    <message>
        <source>The model takes %1 input tensors, but a dataset holds one per sample; leave the dataset out to use random data.</source>
        <translation>模型需要 %1 个输入张量，而数据集中每个样本只有一个；不使用数据集则采用随机数据。</translation>
    </message>
    <message>
        <source>This weight holds %1 numbers and cannot be quantized again; keep its layer in float.</source>
        <translation>该权重存放的是 %1 数值，无法再次量化；请让该层保持浮点。</translation>
    </message>
    <message>
        <source>The plan gives %1 ranges for the weights of this layer, but %2 are needed; choose an estimator instead.</source>
        <translation>方案为该层权重给出了 %1 个范围，但需要 %2 个；请改为选择估计方法。</translation>
    </message>
    <message>
        <source>The file of encodings is not JSON.</source>
        <translation>编码文件不是 JSON。</translation>
    </message>
    <message>
        <source>No name in the file of encodings is the name of a layer or parameter of this model.</source>
        <translation>编码文件中没有任何名称与该模型的层或参数相符。</translation>
    </message>
    <message>
        <source>An entry in the file of encodings has a value of the wrong kind.</source>
        <translation>编码文件中有一项的值类型不对。</translation>
    </message>
    <message>
        <source>This session is damaged or incomplete; open the model and its plan instead.</source>
        <translation>该会话已损坏或不完整；请直接打开模型及其方案。</translation>
    </message>
    <message>
        <source>This is not a Bitwright session.</source>
        <translation>这不是 Bitwright 会话。</translation>
    </message>
    <message>
        <source>This session was written by a newer Bitwright; update to open it.</source>
        <translation>该会话由更新版本的 Bitwright 写入；请升级后再打开。</translation>
    </message>
    <message>
        <source>The stored results are damaged; measure them again.</source>
        <translation>保存的结果已损坏；请重新测量。</translation>
    </message>
    <message>
        <source>The statistics of this session are damaged; calibrate again.</source>
        <translation>该会话的统计数据已损坏；请重新校准。</translation>
    </message>
    <message>
        <source>The packed weights are damaged.</source>
        <translation>打包的权重已损坏。</translation>
    </message>
    <message>
        <source>The pickle ends too early; it is truncated.</source>
        <translation>pickle 数据过早结束；文件被截断。</translation>
    </message>
    <message>
        <source>The file ends too early; it is truncated.</source>
        <translation>文件过早结束；文件被截断。</translation>
    </message>
    <message>
        <source>A storage ends behind the file; it is damaged or truncated.</source>
        <translation>某个存储区超出文件末尾；文件已损坏或被截断。</translation>
    </message>
    <message>
        <source>The tensor lies outside of its storage; the file is damaged or truncated.</source>
        <translation>张量超出其存储区；文件已损坏或被截断。</translation>
    </message>
    <message>
        <source>The index of shards is damaged: it has no object &quot;weight_map&quot;.</source>
        <translation>分片索引已损坏：没有对象“weight_map”。</translation>
    </message>
    <message>
        <source>The index of shards is damaged: &quot;%1&quot; lies in no file of the same folder.</source>
        <translation>分片索引已损坏：“%1”不在同一文件夹的任何文件中。</translation>
    </message>
    <message>
        <source>The file holds weights but no graph, so it cannot be run, calibrated, evaluated or trained; %1</source>
        <translation>该文件只有权重而没有计算图，因此无法运行、校准、评估或训练；%1</translation>
    </message>
    <message>
        <source>There is no such tensor in the file.</source>
        <translation>文件中没有这个张量。</translation>
    </message>
    <message>
        <source>The file holds no tensors.%1</source>
        <translation>文件中没有张量。%1</translation>
    </message>
    <message>
        <source>The file needs more memory than there is.</source>
        <translation>该文件所需的内存超过可用内存。</translation>
    </message>
    <message>
        <source>The archive is truncated or damaged; get the file again.</source>
        <translation>压缩包被截断或已损坏；请重新获取该文件。</translation>
    </message>
    <message>
        <source>The archive would grow more than 64-fold when unpacked and is not opened.</source>
        <translation>压缩包解压后会膨胀 64 倍以上，因此不予打开。</translation>
    </message>
    <message>
        <source>The archive has no such entry; it is damaged.</source>
        <translation>压缩包中没有这一项；它已损坏。</translation>
    </message>
    <message>
        <source>This entry of the archive is damaged or truncated.</source>
        <translation>压缩包的这一项已损坏或被截断。</translation>
    </message>
    <message>
        <source>Equalizing would change what the model computes; it stays as it is.</source>
        <translation>均衡化会改变模型的计算结果；模型保持不变。</translation>
    </message>
    <message>
        <source>The plan has version %1; this program reads version 1.</source>
        <translation>方案的版本为 %1；本程序读取版本 1。</translation>
    </message>
    <message>
        <source>The plan is not valid JSON.</source>
        <translation>方案不是有效的 JSON。</translation>
    </message>
    <message>
        <source>The plan must be a JSON object.</source>
        <translation>方案必须是 JSON 对象。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not a key of a layer&apos;s plan.</source>
        <translation>“%1”不是层方案的键。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not a key of the defaults.</source>
        <translation>“%1”不是默认值的键。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not a key of a precision.</source>
        <translation>“%1”不是精度的键。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; must be %2.</source>
        <translation>“%1”必须是 %2。</translation>
    </message>
    <message>
        <source>A precision must be a JSON object.</source>
        <translation>精度必须是 JSON 对象。</translation>
    </message>
    <message>
        <source>Weights of models of this format cannot be changed.</source>
        <translation>这种格式的模型不能修改权重。</translation>
    </message>
    <message>
        <source>A batch cannot be decoded (%1); use a smaller batch.</source>
        <translation>无法解码一批数据（%1）；请减小批大小。</translation>
    </message>
    <message>
        <source>A batch would take over 8 GiB; use a smaller batch, a resize or a crop.</source>
        <translation>一批数据将超过 8 GiB；请减小批大小，或使用缩放或裁剪。</translation>
    </message>
    <message>
        <source>The unpacked data (%1 MiB) does not fit into %2; unpack the file yourself or set TMPDIR.</source>
        <translation>解压后的数据（%1 MiB）放不进 %2；请自行解压文件或设置 TMPDIR。</translation>
    </message>
    <message>
        <source>The gzip data is damaged or truncated.</source>
        <translation>gzip 数据已损坏或被截断。</translation>
    </message>
    <message>
        <source>There is more data than the header says.</source>
        <translation>数据多于文件头所述。</translation>
    </message>
    <message>
        <source>This is no dataset that Bitwright reads: HDF5, IDX (also .gz), CIFAR binary, NPY, NPZ, or a folder with one sub-folder of images per class.</source>
        <translation>这不是 Bitwright 能读取的数据集：HDF5、IDX（含 .gz）、CIFAR 二进制、NPY、NPZ，或每个类别一个图片子文件夹的文件夹。</translation>
    </message>
    <message>
        <source>There is not a single sample.</source>
        <translation>一个样本都没有。</translation>
    </message>
    <message>
        <source>There are %1 samples but %2 labels.</source>
        <translation>有 %1 个样本，却有 %2 个标签。</translation>
    </message>
    <message>
        <source>The samples are empty: %1.</source>
        <translation>样本为空：%1。</translation>
    </message>
    <message>
        <source>This is no CIFAR file, or it is truncated.</source>
        <translation>这不是 CIFAR 文件，或被截断。</translation>
    </message>
    <message>
        <source>The folder holds no images (.jpg .png .bmp .ppm) and no other data set.</source>
        <translation>该文件夹中没有图片（.jpg .png .bmp .ppm），也没有其他数据集。</translation>
    </message>
    <message>
        <source>There are more labels than Bitwright reads (67 million).</source>
        <translation>标签数超过 Bitwright 能读取的数量（6700 万）。</translation>
    </message>
    <message>
        <source>This is not an IDX file.</source>
        <translation>这不是 IDX 文件。</translation>
    </message>
    <message>
        <source>The file ends within its header.</source>
        <translation>文件在文件头内就结束了。</translation>
    </message>
    <message>
        <source>There is no split &quot;%1&quot;; the file holds: %2.</source>
        <translation>没有划分“%1”；文件中有：%2。</translation>
    </message>
    <message>
        <source>No images were found; name them &quot;images&quot; and &quot;labels&quot; (or x and y, in groups or with prefixes train and test); the file holds: %1.</source>
        <translation>没有找到图片；请命名为“images”和“labels”（或 x 和 y，可放在组中或加前缀 train 和 test）；文件中有：%1。</translation>
    </message>
    <message>
        <source>This is not an NPY array, or its header is damaged.</source>
        <translation>这不是 NPY 数组，或其文件头已损坏。</translation>
    </message>
    <message>
        <source>The NPY header is damaged, or the array has named fields.</source>
        <translation>NPY 文件头已损坏，或数组带有命名字段。</translation>
    </message>
    <message>
        <source>Elements of the type %1 are not read; save numbers.</source>
        <translation>不读取类型为 %1 的元素；请保存数值。</translation>
    </message>
    <message>
        <source>The array is stored in Fortran order; save numpy.ascontiguousarray(a) instead.</source>
        <translation>数组按 Fortran 顺序存储；请保存 numpy.ascontiguousarray(a)。</translation>
    </message>
    <message>
        <source>This array of the archive is damaged.</source>
        <translation>压缩包中的这个数组已损坏。</translation>
    </message>
    <message>
        <source>This array of the archive is damaged or truncated.</source>
        <translation>压缩包中的这个数组已损坏或被截断。</translation>
    </message>
    <message>
        <source>The archive is damaged or truncated.</source>
        <translation>压缩包已损坏或被截断。</translation>
    </message>
    <message>
        <source>The image is %1x%2; at most 32768 a side and 134 million pixels are read.</source>
        <translation>图片为 %1x%2；每边最多读取 32768 像素，总共 1.34 亿像素。</translation>
    </message>
    <message>
        <source>CMYK JPEG files are not read; convert the image to RGB.</source>
        <translation>不读取 CMYK JPEG 文件；请将图片转换为 RGB。</translation>
    </message>
    <message>
        <source>This is no JPEG, PNG, BMP or binary PNM image.</source>
        <translation>这不是 JPEG、PNG、BMP 或二进制 PNM 图片。</translation>
    </message>
    <message>
        <source>This image is %1x%2, the first one %3x%4; give a resize or crop.</source>
        <translation>这张图片为 %1x%2，第一张为 %3x%4；请指定缩放或裁剪。</translation>
    </message>
    <message>
        <source>The sidecar is not a JSON object; repair or remove it.</source>
        <translation>附属文件不是 JSON 对象；请修复或删除它。</translation>
    </message>
    <message>
        <source>The sizes in the header are impossible; the file is damaged.</source>
        <translation>文件头中的尺寸不可能；文件已损坏。</translation>
    </message>
    <message>
        <source>Labels must be one class number per sample, but their shape is %1.</source>
        <translation>每个样本必须有一个类别编号作为标签，但标签的形状为 %1。</translation>
    </message>
    <message>
        <source>Labels must be whole numbers.</source>
        <translation>标签必须是整数。</translation>
    </message>
    <message>
        <source>It must be %1.</source>
        <translation>必须是 %1。</translation>
    </message>
    <message>
        <source>Without labels and without distillation there is nothing to learn from.</source>
        <translation>没有标签也没有蒸馏，就没有可学习的目标。</translation>
    </message>
    <message>
        <source>The model uses the operator %1, which this LibTorch has no kernel for.</source>
        <translation>模型使用了算子 %1，而此 LibTorch 没有相应的内核。</translation>
    </message>
    <message>
        <source>The input &quot;%1&quot; has the type %2, for which Bitwright cannot make an example; wrap the model in a module that takes tensors.</source>
        <translation>输入“%1”的类型为 %2，Bitwright 无法为其构造示例；请把模型包装成接受张量的模块。</translation>
    </message>
    <message>
        <source>No example input was found that the model accepts; give the input shape without batch, as in C,H,W (first failure: %1)</source>
        <translation>没有找到模型接受的示例输入；请给出不含批维的输入形状，如 C,H,W（首个失败：%1）</translation>
    </message>
    <message>
        <source>This model hands its own modules or objects of its own classes around; a quantized TorchScript file cannot take them over.</source>
        <translation>该模型在内部传递自己的模块或自定义类的对象；量化的 TorchScript 文件无法容纳它们。</translation>
    </message>
    <message>
        <source>Opening took longer than %1 seconds and was stopped; raise the time limit or check the model.</source>
        <translation>打开耗时超过 %1 秒，已停止；请提高时限或检查模型。</translation>
    </message>
    <message>
        <source>There is not enough memory for this model or batch.</source>
        <translation>内存不足以容纳该模型或这批数据。</translation>
    </message>
    <message>
        <source>The TorchScript module has no method &quot;forward&quot;.</source>
        <translation>TorchScript 模块没有“forward”方法。</translation>
    </message>
    <message>
        <source>The model has more than 500,000 operators after inlining.</source>
        <translation>模型内联后有超过 500,000 个算子。</translation>
    </message>
    <message>
        <source>The operator %1 (node &quot;%2&quot;) is not supported.</source>
        <translation>不支持算子 %1（节点“%2”）。</translation>
    </message>
    <message>
        <source>The node &quot;%1&quot; (operator %2) cannot be converted: %3</source>
        <translation>无法转换节点“%1”（算子 %2）：%3</translation>
    </message>
    <message>
        <source>The file is of ONNX IR version %1, which is newer than this program; save it with IR version 10.</source>
        <translation>该文件的 ONNX IR 版本为 %1，比本程序新；请用 IR 版本 10 保存。</translation>
    </message>
    <message>
        <source>The file is larger than 2 GB; save its weights as external data beside it.</source>
        <translation>文件大于 2 GB；请将其权重作为外部数据保存在旁边。</translation>
    </message>
    <message>
        <source>No node makes the output &quot;%1&quot;.</source>
        <translation>没有节点产生输出“%1”。</translation>
    </message>
    <message>
        <source>The model has no parameter of this name.</source>
        <translation>模型没有这个名称的参数。</translation>
    </message>
    <message>
        <source>The model accepts one sample at a time; use batch size 1.</source>
        <translation>模型一次只接受一个样本；请使用批大小 1。</translation>
    </message>
    <message>
        <source>Binary weights cannot be pruned: the format has no zero. Give the layer another one.</source>
        <translation>二值权重不能剪枝：该格式没有零。请为该层换一种格式。</translation>
    </message>
    <message>
        <source>No layer of the model can be pruned this way.</source>
        <translation>模型中没有层可以这样剪枝。</translation>
    </message>
    <message>
        <source>Channels of this operator cannot be removed.</source>
        <translation>不能移除该算子的通道。</translation>
    </message>
    <message>
        <source>Without the removed channels the model computes something else than with zeros in their place; nothing was removed.</source>
        <translation>移除这些通道后，模型的计算结果与用零代替时不同；未移除任何通道。</translation>
    </message>
    <message>
        <source>The model has no channels that could be removed.</source>
        <translation>模型没有可移除的通道。</translation>
    </message>
    <message>
        <source>No gradient reaches the parameters: the model cuts it, or has none.</source>
        <translation>没有梯度到达参数：模型截断了梯度，或没有参数。</translation>
    </message>
    <message>
        <source>The loss is no longer a number; lower the learning rate.</source>
        <translation>损失已不是数值；请降低学习率。</translation>
    </message>
    <message>
        <source>Only a model that LibTorch runs can be trained.</source>
        <translation>只能训练由 LibTorch 运行的模型。</translation>
    </message>
    <message>
        <source>Only a model that LibTorch runs can be written as TorchScript.</source>
        <translation>只有由 LibTorch 运行的模型才能写为 TorchScript。</translation>
    </message>
    <message>
        <source>Only a model that this program runs can be written.</source>
        <translation>只能写出由本程序运行的模型。</translation>
    </message>
    <message>
        <source>This is a folder, not a model file.</source>
        <translation>这是文件夹，不是模型文件。</translation>
    </message>
    <message>
        <source>Not a model that Bitwright can read; save it as TorchScript (torch.jit.script or torch.jit.trace, then .save) or as ONNX.</source>
        <translation>这不是 Bitwright 能读取的模型；请保存为 TorchScript（torch.jit.script 或 torch.jit.trace，然后 .save）或 ONNX。</translation>
    </message>
    <message>
        <source>This value is not made for this sample.</source>
        <translation>该样本不会产生这个值。</translation>
    </message>
    <message>
        <source>This is not the model of the session; its contents differ from those it was made with.</source>
        <translation>这不是该会话的模型；其内容与会话创建时不同。</translation>
    </message>
    <message>
        <source>Models of the format %1 cannot be trained.</source>
        <translation>%1 格式的模型不能训练。</translation>
    </message>
    <message>
        <source>Tuned models of the format %1 cannot be written.</source>
        <translation>%1 格式的调优模型不能写出。</translation>
    </message>
    <message>
        <source>The session was made by another version of Bitwright; calibrate again.</source>
        <translation>该会话由另一版本的 Bitwright 创建；请重新校准。</translation>
    </message>
    <message>
        <source>Scales and offsets of every tensor as JSON in AIMET&apos;s layout 1.0.0.</source>
        <translation>每个张量的缩放因子与偏移，AIMET 1.0.0 格式的 JSON。</translation>
    </message>
    <message>
        <source>The same as JSON in AIMET&apos;s older layout 0.6.1.</source>
        <translation>相同内容，AIMET 旧版 0.6.1 格式的 JSON。</translation>
    </message>
    <message>
        <source>Scales of activations as a calibration cache of TensorRT.</source>
        <translation>激活的缩放因子，TensorRT 校准缓存。</translation>
    </message>
    <message>
        <source>TensorQuantOverrides of ONNX Runtime&apos;s quantization tool as JSON.</source>
        <translation>ONNX Runtime 量化工具的 TensorQuantOverrides，JSON 格式。</translation>
    </message>
    <message>
        <source>Packed integer weights with scales, zero points and names as HDF5.</source>
        <translation>打包的整数权重及缩放因子、零点和名称，HDF5 格式。</translation>
    </message>
    <message>
        <source>The plan itself: which layer has which precision, as JSON.</source>
        <translation>方案本身：每层的精度，JSON 格式。</translation>
    </message>
    <message>
        <source>TorchScript that computes in float what the simulation computes.</source>
        <translation>以浮点计算模拟结果的 TorchScript。</translation>
    </message>
    <message>
        <source>TorchScript with 8-bit weights and integer kernels: smaller and faster.</source>
        <translation>使用 8 位权重和整数内核的 TorchScript：更小、更快。</translation>
    </message>
    <message>
        <source>ONNX with integer weights that runtimes merge into integer kernels.</source>
        <translation>带整数权重的 ONNX，运行时会将其合并为整数内核。</translation>
    </message>
    <message>
        <source>ONNX of the float model, batch-norm folded.</source>
        <translation>浮点模型的 ONNX，已折叠批归一化。</translation>
    </message>
    <message>
        <source>There is nothing to choose from: run the sensitivity sweep (enable one, weights) first.</source>
        <translation>没有可选项：请先运行敏感度扫描（仅启用单层，权重）。</translation>
    </message>
    <message>
        <source>There is nothing to choose from: every layer of the sweep is locked or does not have integer weights.</source>
        <translation>没有可选项：扫描过的每一层都已锁定，或其权重不是整数。</translation>
    </message>
    <message>
        <source>The budget is too small: the weights take at least %1 bits on average with what is locked and was swept.</source>
        <translation>预算过小：考虑锁定的层和已扫描的位宽，权重平均至少需要 %1 位。</translation>
    </message>
    <message>
        <source>Looking through the HDF5 file takes longer than %1 seconds: it has too many datasets.</source>
        <translation>查看该 HDF5 文件超过了 %1 秒：它的数据集太多。</translation>
    </message>
    <message>
        <source>This is the file of the model that is open, which cannot be replaced; choose another name.</source>
        <translation>这是已打开模型的文件，不能替换；请换一个名称。</translation>
    </message>
</context>
<context>
    <name>Glossary</name>
    <message>
        <source>SQNR</source>
        <translation>信噪比（SQNR）</translation>
    </message>
    <message>
        <source>Power of the values over the power of the quantization error, in decibels; higher is better, and one bit more gives about 6 dB.</source>
        <translation>数值的功率与量化误差的功率之比，单位为分贝；越高越好，每增加一位约提高 6 dB。</translation>
    </message>
    <message>
        <source>MSE</source>
        <translation>均方误差（MSE）</translation>
    </message>
    <message>
        <source>Mean of the squared differences between the values before and after quantization.</source>
        <translation>量化前后数值之差的平方的平均值。</translation>
    </message>
    <message>
        <source>Largest error</source>
        <translation>最大误差</translation>
    </message>
    <message>
        <source>The largest absolute difference between a value and its quantized version.</source>
        <translation>数值与其量化值之间绝对差的最大值。</translation>
    </message>
    <message>
        <source>Cosine similarity</source>
        <translation>余弦相似度</translation>
    </message>
    <message>
        <source>How well the directions of the tensor before and after quantization agree; 1 is the same direction.</source>
        <translation>量化前后张量方向的一致程度；1 表示方向相同。</translation>
    </message>
    <message>
        <source>KL divergence</source>
        <translation>KL 散度</translation>
    </message>
    <message>
        <source>How much the distribution of the quantized values differs from that of the original ones, in nat; 0 is the same.</source>
        <translation>量化后数值的分布与原分布的差异，单位为奈特；0 表示相同。</translation>
    </message>
    <message>
        <source>Bit-width</source>
        <translation>位宽</translation>
    </message>
    <message>
        <source>Bits that store one value; b bits give at most 2^b different values.</source>
        <translation>存储一个数值所用的位数；b 位最多表示 2^b 个不同的值。</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>缩放因子</translation>
    </message>
    <message>
        <source>The distance between two neighbouring values of the quantized grid.</source>
        <translation>量化网格中相邻两个值之间的距离。</translation>
    </message>
    <message>
        <source>Zero point</source>
        <translation>零点</translation>
    </message>
    <message>
        <source>The integer that stands for the real value 0.</source>
        <translation>代表实数 0 的整数。</translation>
    </message>
    <message>
        <source>Symmetric</source>
        <translation>对称量化</translation>
    </message>
    <message>
        <source>The grid lies evenly around 0, so its zero point is 0; usual for weights.</source>
        <translation>网格围绕 0 均匀分布，因此零点为 0；常用于权重。</translation>
    </message>
    <message>
        <source>Asymmetric</source>
        <translation>非对称量化</translation>
    </message>
    <message>
        <source>The grid covers the range from the least to the greatest value, with a zero point; good for one-sided activations.</source>
        <translation>网格覆盖从最小值到最大值的范围，并带有零点；适合单侧分布的激活。</translation>
    </message>
    <message>
        <source>Granularity</source>
        <translation>量化粒度</translation>
    </message>
    <message>
        <source>How many values share one scale: the whole model, a tensor, an output channel, or a group inside a channel.</source>
        <translation>多少个数值共用一个缩放因子：整个模型、一个张量、一个输出通道，或通道内的一个分组。</translation>
    </message>
    <message>
        <source>Range estimator</source>
        <translation>范围估计方法</translation>
    </message>
    <message>
        <source>The rule that chooses the range to be quantized from the measured distribution.</source>
        <translation>根据测得的分布选择量化范围的规则。</translation>
    </message>
    <message>
        <source>Percentile</source>
        <translation>百分位</translation>
    </message>
    <message>
        <source>The share of all values that the range keeps; what lies outside is clipped.</source>
        <translation>范围内保留的数值所占的比例；范围之外的数值会被截断。</translation>
    </message>
    <message>
        <source>Clipping</source>
        <translation>截断</translation>
    </message>
    <message>
        <source>Values outside the range become its nearest end: a large error for few values, and a finer grid for all others.</source>
        <translation>范围之外的数值变为最近的端点：少数数值误差较大，其余数值的网格更细。</translation>
    </message>
    <message>
        <source>Rounding error</source>
        <translation>舍入误差</translation>
    </message>
    <message>
        <source>The error of values inside the range, at most half a scale.</source>
        <translation>范围之内数值的误差，最多为缩放因子的一半。</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>Running the float model on samples to measure the ranges of its activations.</source>
        <translation>在样本上运行浮点模型，以测量其激活的范围。</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>The trained parameters of a layer; known without any data.</source>
        <translation>层中训练得到的参数；无需数据即可获知。</translation>
    </message>
    <message>
        <source>Activations</source>
        <translation>激活</translation>
    </message>
    <message>
        <source>The values that flow between layers; they depend on the input, so they have to be measured.</source>
        <translation>在层与层之间流动的数值；取决于输入，因此必须测量。</translation>
    </message>
    <message>
        <source>Sensitivity</source>
        <translation>敏感度</translation>
    </message>
    <message>
        <source>How much the output of the whole model suffers when one layer alone is quantized to a bit-width.</source>
        <translation>仅将某一层量化到某个位宽时，整个模型输出所受的影响。</translation>
    </message>
    <message>
        <source>Local error</source>
        <translation>局部误差</translation>
    </message>
    <message>
        <source>The error of one tensor before and after its own quantizer, everything else left in float.</source>
        <translation>单个张量经过自身量化器前后的误差，其余部分保持浮点。</translation>
    </message>
    <message>
        <source>Enable-one error</source>
        <translation>仅启用单层的误差</translation>
    </message>
    <message>
        <source>The error at the output of the model when only this layer is quantized.</source>
        <translation>只量化这一层时，模型输出处的误差。</translation>
    </message>
    <message>
        <source>Disable-one error</source>
        <translation>仅停用单层的误差</translation>
    </message>
    <message>
        <source>The error at the output of the model when everything but this layer is quantized.</source>
        <translation>除这一层外全部量化时，模型输出处的误差。</translation>
    </message>
    <message>
        <source>Cumulative error</source>
        <translation>累积误差</translation>
    </message>
    <message>
        <source>The error at the output of this layer with everything before it quantized as well.</source>
        <translation>之前各层也全部量化时，该层输出处的误差。</translation>
    </message>
    <message>
        <source>MAC</source>
        <translation>乘加运算（MAC）</translation>
    </message>
    <message>
        <source>A multiplication with an addition, the unit of a layer&apos;s arithmetic; counted for one sample.</source>
        <translation>一次乘法加一次加法，是层计算量的单位；按一个样本计数。</translation>
    </message>
    <message>
        <source>BOPs</source>
        <translation>位运算量（BOPs）</translation>
    </message>
    <message>
        <source>Bit operations: multiply-accumulates times the bits of the weights times the bits of the activations.</source>
        <translation>乘加次数乘以权重位数再乘以激活位数。</translation>
    </message>
    <message>
        <source>Energy</source>
        <translation>能耗</translation>
    </message>
    <message>
        <source>An estimate for one sample from a published table of what arithmetic and memory access cost in 45 nm silicon.</source>
        <translation>根据已发表的 45 nm 工艺运算与访存能耗表，对一个样本的估计。</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Bytes of all parameters, packed to their bits, with scales and zero points.</source>
        <translation>所有参数按位打包后的字节数，包括缩放因子和零点。</translation>
    </message>
    <message>
        <source>Top-1</source>
        <translation>Top-1 准确率</translation>
    </message>
    <message>
        <source>Share of the samples whose most likely class is the right one.</source>
        <translation>最可能的类别正确的样本所占的比例。</translation>
    </message>
    <message>
        <source>Top-5</source>
        <translation>Top-5 准确率</translation>
    </message>
    <message>
        <source>Share of the samples whose right class is among the five most likely ones.</source>
        <translation>正确类别位于最可能的五个类别之中的样本所占的比例。</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Mean cross entropy between the predicted probabilities and the labels, in nat; lower is better.</source>
        <translation>预测概率与标签之间的平均交叉熵，单位为奈特；越低越好。</translation>
    </message>
    <message>
        <source>Confidence interval</source>
        <translation>置信区间</translation>
    </message>
    <message>
        <source>Where the true value lies with 95 % probability, given how few samples were measured.</source>
        <translation>鉴于测量的样本数量有限，真实值以 95 % 的概率所在的区间。</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>一致率</translation>
    </message>
    <message>
        <source>Share of the samples for which the float and the quantized model say the same class.</source>
        <translation>浮点模型与量化模型给出相同类别的样本所占的比例。</translation>
    </message>
    <message>
        <source>Saturation</source>
        <translation>饱和</translation>
    </message>
    <message>
        <source>Many values at the ends of the range: the range is too narrow.</source>
        <translation>大量数值位于范围的端点：范围过窄。</translation>
    </message>
    <message>
        <source>Outlier channel</source>
        <translation>离群通道</translation>
    </message>
    <message>
        <source>A channel whose range is much wider than that of the others, so that a shared scale is too coarse for them.</source>
        <translation>范围远宽于其他通道的通道，使共用的缩放因子对其他通道过于粗糙。</translation>
    </message>
    <message>
        <source>Simulated quantization</source>
        <translation>模拟量化</translation>
    </message>
    <message>
        <source>Values are rounded to the grid and computed on in float, which shows the error without integer arithmetic.</source>
        <translation>数值舍入到网格后继续以浮点计算，无需整数运算即可看到误差。</translation>
    </message>
    <message>
        <source>Exception</source>
        <translation>例外</translation>
    </message>
    <message>
        <source>A layer that does not follow the defaults of the plan.</source>
        <translation>不遵循方案默认设置的层。</translation>
    </message>
</context>
<context>
    <name>LayerMetrics</name>
    <message>
        <source>Weight SQNR</source>
        <translation>权重 SQNR</translation>
    </message>
    <message>
        <source>Signal-to-quantization-noise ratio of the weights in dB: higher is better, one bit is worth about 6 dB</source>
        <translation>权重的信号与量化噪声之比（dB）：越高越好，每一位约值 6 dB</translation>
    </message>
    <message>
        <source>Activation SQNR</source>
        <translation>激活 SQNR</translation>
    </message>
    <message>
        <source>Signal-to-quantization-noise ratio of the output by its own quantizer in dB</source>
        <translation>输出经自身量化器后的信号与量化噪声之比（dB）</translation>
    </message>
    <message>
        <source>Weight MSE</source>
        <translation>权重 MSE</translation>
    </message>
    <message>
        <source>Mean squared quantization error of the weights, in squared units of the weights</source>
        <translation>权重量化误差的均方值，单位为权重单位的平方</translation>
    </message>
    <message>
        <source>Activation MSE</source>
        <translation>激活 MSE</translation>
    </message>
    <message>
        <source>Mean squared quantization error of the output, in squared units of the output</source>
        <translation>输出量化误差的均方值，单位为输出单位的平方</translation>
    </message>
    <message>
        <source>Weight cosine</source>
        <translation>权重余弦</translation>
    </message>
    <message>
        <source>Cosine similarity of the float and the quantized weights; 1 = same direction</source>
        <translation>浮点权重与量化权重的余弦相似度；1 表示方向相同</translation>
    </message>
    <message>
        <source>Activation cosine</source>
        <translation>激活余弦</translation>
    </message>
    <message>
        <source>Cosine similarity of the float and the quantized output; 1 = same direction</source>
        <translation>浮点输出与量化输出的余弦相似度；1 表示方向相同</translation>
    </message>
    <message>
        <source>Weight max error</source>
        <translation>权重最大误差</translation>
    </message>
    <message>
        <source>Largest distance of a weight from its quantized value</source>
        <translation>权重与其量化值之间的最大距离</translation>
    </message>
    <message>
        <source>Activation max error</source>
        <translation>激活最大误差</translation>
    </message>
    <message>
        <source>Largest distance of an output from its quantized value</source>
        <translation>输出与其量化值之间的最大距离</translation>
    </message>
    <message>
        <source>Weight clipped</source>
        <translation>权重截断</translation>
    </message>
    <message>
        <source>Share of the weights that lie outside the range and are clipped to its ends</source>
        <translation>超出范围而被截断到端点的权重所占比例</translation>
    </message>
    <message>
        <source>Activation clipped</source>
        <translation>激活截断</translation>
    </message>
    <message>
        <source>Share of the outputs that lie outside the range and are clipped to its ends</source>
        <translation>超出范围而被截断到端点的输出所占比例</translation>
    </message>
    <message>
        <source>Weight bits</source>
        <translation>权重位宽</translation>
    </message>
    <message>
        <source>Bits that one stored weight takes</source>
        <translation>存储一个权重所需的位数</translation>
    </message>
    <message>
        <source>Activation bits</source>
        <translation>激活位宽</translation>
    </message>
    <message>
        <source>Bits that one element of the output takes</source>
        <translation>输出中一个元素所需的位数</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Packed bytes of the weights, scales and zero points included</source>
        <translation>权重打包后的字节数，含缩放因子和零点</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Elements of weights and biases</source>
        <translation>权重和偏置的元素个数</translation>
    </message>
    <message>
        <source>MACs</source>
        <translation>乘加数</translation>
    </message>
    <message>
        <source>Multiply-accumulates for one sample</source>
        <translation>一个样本的乘加次数</translation>
    </message>
    <message>
        <source>Sparsity</source>
        <translation>稀疏度</translation>
    </message>
    <message>
        <source>Share of the weights that are exactly zero, as pruning leaves them</source>
        <translation>恰好为零的权重所占比例，即剪枝留下的零</translation>
    </message>
    <message>
        <source>enable one</source>
        <translation>仅启用单层</translation>
    </message>
    <message>
        <source>disable one</source>
        <translation>仅停用单层</translation>
    </message>
    <message>
        <source>cumulative</source>
        <translation>累积</translation>
    </message>
    <message>
        <source>local</source>
        <translation>局部</translation>
    </message>
    <message>
        <source>Effect of weights</source>
        <translation>权重的影响</translation>
    </message>
    <message>
        <source>SQNR in dB that a sweep has measured for these bits of the weights, by the kind of error that Error maps shows</source>
        <translation>扫描在权重的当前位宽下测得的 SQNR（dB），误差类型与误差图一致</translation>
    </message>
    <message>
        <source>Effect of output</source>
        <translation>输出的影响</translation>
    </message>
    <message>
        <source>SQNR in dB that a sweep has measured for these bits of the output, by the kind of error that Error maps shows</source>
        <translation>扫描在输出的当前位宽下测得的 SQNR（dB），误差类型与误差图一致</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
</context>
<context>
    <name>Pages</name>
    <message>
        <source>Distribution</source>
        <translation>分布</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Model graph</source>
        <translation>模型图</translation>
    </message>
    <message>
        <source>Error maps</source>
        <translation>误差图</translation>
    </message>
    <message>
        <source>Configurations</source>
        <translation>配置</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
</context>
<context>
    <name>PlanCommands</name>
    <message>
        <source>%1 is locked; unlock it to change it.</source>
        <translation>%1 已锁定；请先解锁再更改。</translation>
    </message>
</context>
<context>
    <name>Prediction</name>
    <message>
        <source>No estimate yet: the sensitivity sweep of Error maps (enable one) gives one for every edit.</source>
        <translation>尚无估计：误差图中的敏感度扫描（仅启用单层）可为每次编辑提供估计。</translation>
    </message>
</context>
<context>
    <name>Progress</name>
    <message>
        <source>Calibrating</source>
        <translation>正在校准</translation>
    </message>
    <message>
        <source>Comparing float and quantized</source>
        <translation>正在比较浮点与量化</translation>
    </message>
    <message>
        <source>Comparing the written file</source>
        <translation>正在核对写出的文件</translation>
    </message>
    <message>
        <source>Comparing weights</source>
        <translation>正在比较权重</translation>
    </message>
    <message>
        <source>Comparing with the float model</source>
        <translation>正在与浮点模型比较</translation>
    </message>
    <message>
        <source>Deciding ranges</source>
        <translation>正在确定范围</translation>
    </message>
    <message>
        <source>Evaluating</source>
        <translation>正在评估</translation>
    </message>
    <message>
        <source>Measuring sensitivity</source>
        <translation>正在测量敏感度</translation>
    </message>
    <message>
        <source>Preparing the sweep</source>
        <translation>正在准备扫描</translation>
    </message>
    <message>
        <source>Preparing the training</source>
        <translation>正在准备训练</translation>
    </message>
    <message>
        <source>Quantizing weights</source>
        <translation>正在量化权重</translation>
    </message>
    <message>
        <source>Reading session</source>
        <translation>正在读取会话</translation>
    </message>
    <message>
        <source>Reading the model</source>
        <translation>正在读取模型</translation>
    </message>
    <message>
        <source>Reading weights</source>
        <translation>正在读取权重</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>正在训练</translation>
    </message>
    <message>
        <source>Writing ONNX</source>
        <translation>正在写出 ONNX</translation>
    </message>
    <message>
        <source>Writing fake-quantized TorchScript</source>
        <translation>正在写出伪量化 TorchScript</translation>
    </message>
    <message>
        <source>Writing integer TorchScript</source>
        <translation>正在写出整数 TorchScript</translation>
    </message>
    <message>
        <source>Writing the tuned model</source>
        <translation>正在写出调优后的模型</translation>
    </message>
    <message>
        <source>Writing weights</source>
        <translation>正在写出权重</translation>
    </message>
    <message>
        <source>Equalizing channels</source>
        <translation>正在均衡通道</translation>
    </message>
    <message>
        <source>Opening shards</source>
        <translation>正在打开分片</translation>
    </message>
    <message>
        <source>Unpacking weights</source>
        <translation>正在解包权重</translation>
    </message>
</context>
<context>
    <name>QObject</name>
    <message>
        <source>The pictures could not be written to %1.</source>
        <translation>图片无法写入 %1。</translation>
    </message>
    <message>
        <source># The plan holds learned ranges: save it as %1 first.</source>
        <translation># 该方案含有学习得到的范围：请先将其保存为 %1。</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>Depthwise CNN</source>
        <translation>深度可分离卷积网络</translation>
    </message>
    <message>
        <source>Breaks at 8 bits with one scale per tensor: the classic hard case</source>
        <translation>每个张量一个缩放因子时，8 位量化即失效：经典难题</translation>
    </message>
    <message>
        <source>Small CNN</source>
        <translation>小型卷积网络</translation>
    </message>
    <message>
        <source>Three convolutions, two fully connected layers</source>
        <translation>三个卷积层，两个全连接层</translation>
    </message>
    <message>
        <source>Vision transformer</source>
        <translation>视觉 Transformer</translation>
    </message>
    <message>
        <source>Four blocks of attention</source>
        <translation>四个注意力模块</translation>
    </message>
    <message>
        <source>LSTM</source>
        <translation>LSTM</translation>
    </message>
    <message>
        <source>A recurrent layer over rows</source>
        <translation>逐行处理的循环层</translation>
    </message>
    <message>
        <source>Perceptron</source>
        <translation>多层感知机</translation>
    </message>
    <message>
        <source>Three fully connected layers</source>
        <translation>三个全连接层</translation>
    </message>
</context>
<context>
    <name>bitwright</name>
    <message>
        <source>%1 could not be written; choose another folder.</source>
        <translation>无法写入 %1；请选择其他文件夹。</translation>
    </message>
    <message>
        <source>%1 is a picture without numbers behind it; choose PNG, SVG or PDF.</source>
        <translation>%1 是没有数据的图片；请选择 PNG、SVG 或 PDF。</translation>
    </message>
    <message>
        <source>Open model</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>Open data file</source>
        <translation>打开数据文件</translation>
    </message>
    <message>
        <source>Data (*.h5 *.hdf5 *.npy *.npz *.gz *ubyte *.bin);;All files (*)</source>
        <translation>数据 (*.h5 *.hdf5 *.npy *.npz *.gz *ubyte *.bin);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Open data folder</source>
        <translation>打开数据文件夹</translation>
    </message>
    <message>
        <source>Open plan</source>
        <translation>打开方案</translation>
    </message>
    <message>
        <source>Plans (*.json);;All files (*)</source>
        <translation>方案 (*.json);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Save plan</source>
        <translation>保存方案</translation>
    </message>
    <message>
        <source>Plans (*.json)</source>
        <translation>方案 (*.json)</translation>
    </message>
    <message>
        <source>Open session</source>
        <translation>打开会话</translation>
    </message>
    <message>
        <source>Sessions (*.bitwright);;All files (*)</source>
        <translation>会话 (*.bitwright);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Save session</source>
        <translation>保存会话</translation>
    </message>
    <message>
        <source>Sessions (*.bitwright)</source>
        <translation>会话 (*.bitwright)</translation>
    </message>
    <message>
        <source>Where is %1 now?</source>
        <translation>%1 现在在哪里？</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>exact</source>
        <translation>精确</translation>
    </message>
    <message>
        <source>%1 dB</source>
        <translation>%1 dB</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message>
        <source>scalar</source>
        <translation>标量</translation>
    </message>
    <message>
        <source>symmetric</source>
        <translation>对称</translation>
    </message>
    <message>
        <source>narrow</source>
        <translation>窄范围对称</translation>
    </message>
    <message>
        <source>unsigned</source>
        <translation>无符号</translation>
    </message>
    <message>
        <source>asymmetric</source>
        <translation>非对称</translation>
    </message>
    <message>
        <source>power of two</source>
        <translation>二的幂</translation>
    </message>
    <message>
        <source>tensor</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>group of %1</source>
        <translation>每组 %1 个</translation>
    </message>
    <message>
        <source>whole model</source>
        <translation>整个模型</translation>
    </message>
    <message>
        <source>%1 … %2</source>
        <translation>%1 … %2</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>缩放因子</translation>
    </message>
    <message>
        <source>Scales (%1)</source>
        <translation>缩放因子（%1 个）</translation>
    </message>
    <message>
        <source>Zero point</source>
        <translation>零点</translation>
    </message>
    <message>
        <source>Range</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>Widest range</source>
        <translation>最宽范围</translation>
    </message>
    <message>
        <source>Narrowest range</source>
        <translation>最窄范围</translation>
    </message>
    <message>
        <source>Levels used</source>
        <translation>已用量化级</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Range by</source>
        <translation>范围来源</translation>
    </message>
    <message>
        <source>Float values</source>
        <translation>浮点值</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>Minimum</source>
        <translation>最小值</translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation>最大值</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>均值</translation>
    </message>
    <message>
        <source>Standard deviation</source>
        <translation>标准差</translation>
    </message>
    <message>
        <source>Exact zeros</source>
        <translation>精确为零</translation>
    </message>
    <message>
        <source>NaN or infinite</source>
        <translation>NaN 或无穷</translation>
    </message>
    <message>
        <source>Quantizer</source>
        <translation>量化器</translation>
    </message>
    <message>
        <source>Expected local error</source>
        <translation>预期局部误差</translation>
    </message>
    <message>
        <source>Local error</source>
        <translation>局部误差</translation>
    </message>
    <message>
        <source>SQNR</source>
        <translation>信噪比（SQNR）</translation>
    </message>
    <message>
        <source>Mean squared</source>
        <translation>均方误差</translation>
    </message>
    <message>
        <source>Largest</source>
        <translation>最大误差</translation>
    </message>
    <message>
        <source>Cosine</source>
        <translation>余弦相似度</translation>
    </message>
    <message>
        <source>Clipped</source>
        <translation>被截断</translation>
    </message>
    <message>
        <source>Packed size</source>
        <translation>打包后大小</translation>
    </message>
    <message>
        <source>Open data and calibrate: one pass over the samples collects the statistics of every activation.</source>
        <translation>打开数据并校准：对样本运行一遍即可收集所有激活的统计。</translation>
    </message>
    <message>
        <source>The output of %1 has not been measured</source>
        <translation>%1 的输出尚未测量</translation>
    </message>
    <message>
        <source>No layer is selected</source>
        <translation>未选择层</translation>
    </message>
    <message>
        <source>No model is open</source>
        <translation>未打开模型</translation>
    </message>
    <message>
        <source>Select a layer in the table to see the distribution of its values before and after quantization.</source>
        <translation>在表中选择一层，查看其数值量化前后的分布。</translation>
    </message>
    <message>
        <source>%1 has no weights</source>
        <translation>%1 没有权重</translation>
    </message>
    <message>
        <source>Its output can be shown after calibration.</source>
        <translation>校准后可以显示其输出。</translation>
    </message>
    <message>
        <source>%1 has no input of its own</source>
        <translation>%1 没有自己的输入</translation>
    </message>
    <message>
        <source>Show its output instead.</source>
        <translation>请改看其输出。</translation>
    </message>
    <message>
        <source>The input of %1 has not been measured</source>
        <translation>%1 的输入尚未测量</translation>
    </message>
    <message>
        <source>No layer of the plan makes it.</source>
        <translation>它不是方案中任何一层的输出。</translation>
    </message>
    <message>
        <source>Input of %1 = output of %2</source>
        <translation>%1 的输入 = %2 的输出</translation>
    </message>
    <message>
        <source> (before %1)</source>
        <translation>（此前为 %1）</translation>
    </message>
    <message>
        <source>%1×</source>
        <translation>%1 倍</translation>
    </message>
    <message>
        <source>%1 and %n more</source>
        <translation>%1 及另外 %n 个</translation>
    </message>
    <message>
        <source>Channel %1 reaches from %2 to %3, %4 the median channel. Its range sets the one scale of all %5 channels, so the others get few levels. Far above the median: %6.</source>
        <translation>通道 %1 的范围为 %2 到 %3，是中位通道的 %4。它的范围决定了全部 %5 个通道共用的缩放因子，其他通道因此只能用到很少的量化级。远高于中位数的有：%6。</translation>
    </message>
    <message>
        <source>The grid has only %1 levels; %2 of them hold 99 % of the values. The step is coarse for what lies between.</source>
        <translation>网格只有 %1 个量化级；其中 %2 个容纳了 99 % 的数值。对其间的数值而言步长过粗。</translation>
    </message>
    <message>
        <source>99 % of the values share %1 of the %2 levels: a few large values stretch the range, and the step is coarse for all others.</source>
        <translation>99 % 的数值共用 %2 个量化级中的 %1 个：少数较大的数值拉宽了范围，使其余数值的步长过粗。</translation>
    </message>
    <message>
        <source>Saturation</source>
        <translation>饱和</translation>
    </message>
    <message>
        <source>Clipped values make the error</source>
        <translation>误差来自被截断的数值</translation>
    </message>
    <message>
        <source>Outlier channel</source>
        <translation>离群通道</translation>
    </message>
    <message>
        <source>Channels of very different range share one scale</source>
        <translation>范围差异很大的通道共用一个缩放因子</translation>
    </message>
    <message>
        <source>Unsigned data in a signed grid</source>
        <translation>无符号数据使用了有符号网格</translation>
    </message>
    <message>
        <source>One-sided data in a grid around zero</source>
        <translation>单侧数据使用了以零为中心的网格</translation>
    </message>
    <message>
        <source>Few levels are used</source>
        <translation>用到的量化级很少</translation>
    </message>
    <message>
        <source>Dead channels</source>
        <translation>失效通道</translation>
    </message>
    <message>
        <source>%1 of the values lie outside the range and are all set to its ends.</source>
        <translation>%1 的数值在范围之外，全部被置为范围的端点。</translation>
    </message>
    <message>
        <source>Only %1 of the values are clipped, but they make %2 of the squared error.</source>
        <translation>只有 %1 的数值被截断，但它们造成了 %2 的平方误差。</translation>
    </message>
    <message>
        <source>The wide channels (90th percentile) reach %1 as far as the narrow ones (10th percentile), but all %2 share one scale: the narrow ones keep few levels.</source>
        <translation>宽通道（第 90 百分位）的范围是窄通道（第 10 百分位）的 %1，但全部 %2 个通道共用一个缩放因子：窄通道只剩很少的量化级。</translation>
    </message>
    <message>
        <source>The values lie between %1 and %2, the grid around zero: %3 of its levels can never be used.</source>
        <translation>数值在 %1 与 %2 之间，而网格以零为中心：其 %3 的量化级永远用不到。</translation>
    </message>
    <message>
        <source>%1 of %2 channels hold nothing but zeros (%3). They cost memory and time, but no precision.</source>
        <translation>%2 个通道中有 %1 个全为零（%3）。它们占用内存和时间，但不影响精度。</translation>
    </message>
    <message>
        <source>One scale per channel</source>
        <translation>每个通道一个缩放因子</translation>
    </message>
    <message>
        <source>Range of least squared error</source>
        <translation>平方误差最小的范围</translation>
    </message>
    <message>
        <source>Range from minimum to maximum</source>
        <translation>从最小值到最大值的范围</translation>
    </message>
    <message>
        <source>Unsigned scheme</source>
        <translation>无符号方案</translation>
    </message>
    <message>
        <source>Asymmetric scheme</source>
        <translation>非对称方案</translation>
    </message>
    <message>
        <source>%1 bits</source>
        <translation>%1 位</translation>
    </message>
    <message>
        <source>Keep in float</source>
        <translation>保持浮点</translation>
    </message>
    <message>
        <source>%1 (+%2)</source>
        <translation>%1（+%2）</translation>
    </message>
    <message>
        <source> (%1)</source>
        <translation>（%1）</translation>
    </message>
    <message>
        <source>round(%1) + %2</source>
        <translation>round(%1) + %2</translation>
    </message>
    <message>
        <source> (clipped)</source>
        <translation>（被截断）</translation>
    </message>
    <message>
        <source>    s = %1</source>
        <translation>    s = %1</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not a number; write for example 20 dB, 1 %, 100k or 2 MB.</source>
        <translation>“%1”不是数字；请写成例如 20 dB、1 %、100k 或 2 MB。</translation>
    </message>
    <message>
        <source>error = x − x^ = %1%2</source>
        <translation>误差 = x − x^ = %1%2</translation>
    </message>
    <message>
        <source>x = %1    s = %2    z = %3
q = clamp(round(x / s) + z, %4, %5) = clamp(%6, %4, %5) = %7%8
x^ = s (q − z) = %2 · %9 = %10    </source>
        <translation>x = %1    s = %2    z = %3
q = clamp(round(x / s) + z, %4, %5) = clamp(%6, %4, %5) = %7%8
x^ = s (q − z) = %2 · %9 = %10    </translation>
    </message>
    <message>
        <source>x = %1
float32: x^ = x
error = x − x^ = 0</source>
        <translation>x = %1
float32：x^ = x
误差 = x − x^ = 0</translation>
    </message>
    <message>
        <source>x = %1%2
%3: x^ = %4
</source>
        <translation>x = %1%2
%3：x^ = %4
</translation>
    </message>
    <message>
        <source>Output channel</source>
        <translation>输出通道</translation>
    </message>
    <message>
        <source>Input channel</source>
        <translation>输入通道</translation>
    </message>
    <message>
        <source>RMS error</source>
        <translation>RMS 误差</translation>
    </message>
    <message>
        <source>Float value</source>
        <translation>浮点值</translation>
    </message>
    <message>
        <source>Quantized value</source>
        <translation>量化值</translation>
    </message>
    <message>
        <source>Error, quantized − float</source>
        <translation>误差，量化 − 浮点</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差值</translation>
    </message>
    <message>
        <source>%1-bit %2</source>
        <translation>%1 位%2</translation>
    </message>
    <message>
        <source>%1, dynamic</source>
        <translation>%1，动态</translation>
    </message>
    <message>
        <source>%1-bit codebook</source>
        <translation>%1 位码本</translation>
    </message>
    <message>
        <source>%1-bit logarithmic</source>
        <translation>%1 位对数</translation>
    </message>
    <message>
        <source>Models and weights (*.pt *.pth *.ts *.jit *.torchscript *.onnx *.safetensors *.index.json *.bin *.ckpt *.keras *.h5);;All files (*)</source>
        <translation>模型和权重 (*.pt *.pth *.ts *.jit *.torchscript *.onnx *.safetensors *.index.json *.bin *.ckpt *.keras *.h5);;所有文件 (*)</translation>
    </message>
    <message>
        <source>There are no activations</source>
        <translation>没有激活值</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>dead channels: %1</source>
        <translation>失效通道：%1</translation>
    </message>
</context>
<context>
    <name>bitwright::ActionModel</name>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>菜单</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
</context>
<context>
    <name>bitwright::Actions</name>
    <message>
        <source>&amp;Open model…</source>
        <translation>打开模型(&amp;O)…</translation>
    </message>
    <message>
        <source>Open a model file</source>
        <translation>打开模型文件</translation>
    </message>
    <message>
        <source>Open model</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>Open &amp;data…</source>
        <translation>打开数据(&amp;D)…</translation>
    </message>
    <message>
        <source>Open a data set to calibrate and evaluate with</source>
        <translation>打开用于校准和评估的数据集</translation>
    </message>
    <message>
        <source>Open data</source>
        <translation>打开数据</translation>
    </message>
    <message>
        <source>Open data f&amp;older…</source>
        <translation>打开数据文件夹(&amp;L)…</translation>
    </message>
    <message>
        <source>Open a folder with one sub-folder per class, or with IDX or CIFAR files</source>
        <translation>打开每个类别一个子文件夹的文件夹，或包含 IDX、CIFAR 文件的文件夹</translation>
    </message>
    <message>
        <source>Open &amp;plan…</source>
        <translation>打开方案(&amp;P)…</translation>
    </message>
    <message>
        <source>Replace the plan by that of a file (can be undone)</source>
        <translation>用文件中的方案替换当前方案（可撤销）</translation>
    </message>
    <message>
        <source>Sa&amp;ve plan as…</source>
        <translation>方案另存为(&amp;V)…</translation>
    </message>
    <message>
        <source>Write the precision of every layer to a file</source>
        <translation>将每一层的精度写入文件</translation>
    </message>
    <message>
        <source>Open s&amp;ession…</source>
        <translation>打开会话(&amp;E)…</translation>
    </message>
    <message>
        <source>Open a piece of work as it was saved</source>
        <translation>按保存时的状态打开一项工作</translation>
    </message>
    <message>
        <source>&amp;Save session</source>
        <translation>保存会话(&amp;S)</translation>
    </message>
    <message>
        <source>Write model, data, plan, measurements and views to a session file</source>
        <translation>将模型、数据、方案、测量结果和视图写入会话文件</translation>
    </message>
    <message>
        <source>Save session &amp;as…</source>
        <translation>会话另存为(&amp;A)…</translation>
    </message>
    <message>
        <source>Write the session to another file</source>
        <translation>将会话写入另一个文件</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>Close Bitwright</source>
        <translation>关闭 Bitwright</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>&amp;Find layer</source>
        <translation>查找层(&amp;F)</translation>
    </message>
    <message>
        <source>Filter the layer table</source>
        <translation>筛选层表</translation>
    </message>
    <message>
        <source>Select &amp;worst layer</source>
        <translation>选择最差的层(&amp;W)</translation>
    </message>
    <message>
        <source>Select the layer whose weights have the least SQNR</source>
        <translation>选择权重信噪比最低的层</translation>
    </message>
    <message>
        <source>R&amp;eset layers</source>
        <translation>重置所选层(&amp;E)</translation>
    </message>
    <message>
        <source>Take the defaults again for the selected layers</source>
        <translation>所选层恢复默认设置</translation>
    </message>
    <message>
        <source>Reset &amp;all layers</source>
        <translation>重置所有层(&amp;A)</translation>
    </message>
    <message>
        <source>Take the defaults again for every layer</source>
        <translation>所有层恢复默认设置</translation>
    </message>
    <message numerus="yes">
        <source>Weights to &amp;%n bit(s)</source>
        <translation>
            <numerusform>权重设为 &amp;%n 位</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Set the weights of the selected layers to %n bit(s)</source>
        <translation>
            <numerusform>将所选层的权重设为 %n 位</numerusform>
        </translation>
    </message>
    <message>
        <source>Weights to &amp;float</source>
        <translation>权重保持浮点(&amp;F)</translation>
    </message>
    <message>
        <source>Leave the weights of the selected layers unquantized</source>
        <translation>不量化所选层的权重</translation>
    </message>
    <message>
        <source>&amp;Calibrate</source>
        <translation>校准(&amp;C)</translation>
    </message>
    <message>
        <source>Measure the activations of every layer on the open data</source>
        <translation>在已打开的数据上测量每一层的激活</translation>
    </message>
    <message>
        <source>&amp;Evaluate</source>
        <translation>评估(&amp;E)</translation>
    </message>
    <message>
        <source>Compare the float and the quantized model on the open data</source>
        <translation>在已打开的数据上比较浮点模型与量化模型</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>导出(&amp;X)…</translation>
    </message>
    <message>
        <source>Write the quantized model</source>
        <translation>写出量化后的模型</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Export &amp;plots…</source>
        <translation>导出图表(&amp;P)…</translation>
    </message>
    <message>
        <source>Write plots as PNG, SVG, PDF or CSV</source>
        <translation>将图表写为 PNG、SVG、PDF 或 CSV</translation>
    </message>
    <message>
        <source>&amp;Copy as command line</source>
        <translation>复制为命令行(&amp;C)</translation>
    </message>
    <message>
        <source>Copy the call of bitwright-cli that does what was done last</source>
        <translation>复制与上一次操作等效的 bitwright-cli 命令</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>停止(&amp;S)</translation>
    </message>
    <message>
        <source>Cancel the running job</source>
        <translation>取消正在运行的任务</translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation>全屏(&amp;F)</translation>
    </message>
    <message>
        <source>Use the whole screen</source>
        <translation>使用整个屏幕</translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation>重置布局(&amp;R)</translation>
    </message>
    <message>
        <source>Put every view back to its first place</source>
        <translation>将所有视图恢复到最初的位置</translation>
    </message>
    <message>
        <source>&amp;Save layout…</source>
        <translation>保存布局(&amp;S)…</translation>
    </message>
    <message>
        <source>Keep where the views are now under a name</source>
        <translation>将视图的当前位置以名称保存</translation>
    </message>
    <message>
        <source>&amp;Preferences…</source>
        <translation>首选项(&amp;P)…</translation>
    </message>
    <message>
        <source>Theme, colour map, language, and how much is measured</source>
        <translation>主题、配色、语言以及测量的数量</translation>
    </message>
    <message>
        <source>&amp;Glossary…</source>
        <translation>术语表(&amp;G)…</translation>
    </message>
    <message>
        <source>Every term of this window in one sentence</source>
        <translation>用一句话解释窗口中的每个术语</translation>
    </message>
    <message>
        <source>&amp;Command palette…</source>
        <translation>命令面板(&amp;C)…</translation>
    </message>
    <message>
        <source>Find any action by its name</source>
        <translation>按名称查找任何操作</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts…</source>
        <translation>键盘快捷键(&amp;K)…</translation>
    </message>
    <message>
        <source>See and change the keys of every action</source>
        <translation>查看和更改每个操作的快捷键</translation>
    </message>
    <message>
        <source>&amp;About Bitwright</source>
        <translation>关于 Bitwright(&amp;A)</translation>
    </message>
    <message>
        <source>Version and licence</source>
        <translation>版本与许可证</translation>
    </message>
    <message>
        <source>&amp;System</source>
        <translation>跟随系统(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>浅色(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>深色(&amp;D)</translation>
    </message>
    <message>
        <source>Colours of the window</source>
        <translation>窗口的颜色</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>Open a model first.</source>
        <translation>请先打开模型。</translation>
    </message>
    <message>
        <source>Select layers first.</source>
        <translation>请先选择层。</translation>
    </message>
    <message>
        <source>No error is known yet.</source>
        <translation>尚无已知的误差。</translation>
    </message>
    <message>
        <source>Every layer follows the defaults.</source>
        <translation>所有层均遵循默认设置。</translation>
    </message>
    <message>
        <source>Nothing has been calibrated, evaluated or exported yet.</source>
        <translation>尚未进行校准、评估或导出。</translation>
    </message>
    <message>
        <source>No job is running.</source>
        <translation>没有正在运行的任务。</translation>
    </message>
    <message>
        <source>Undo: %1</source>
        <translation>撤销：%1</translation>
    </message>
    <message>
        <source>Undo the last change</source>
        <translation>撤销上一次更改</translation>
    </message>
    <message>
        <source>Redo: %1</source>
        <translation>重做：%1</translation>
    </message>
    <message>
        <source>Redo what was undone</source>
        <translation>重做已撤销的更改</translation>
    </message>
    <message>
        <source>Nothing has been changed yet.</source>
        <translation>尚未作任何更改。</translation>
    </message>
    <message>
        <source>Nothing has been undone.</source>
        <translation>尚未撤销任何更改。</translation>
    </message>
    <message>
        <source>&amp;Edit layers…</source>
        <translation>编辑层(&amp;E)…</translation>
    </message>
    <message>
        <source>Set bits, scheme, granularity and range of the selected layers</source>
        <translation>设置所选层的位宽、方案、粒度和范围</translation>
    </message>
    <message>
        <source>&amp;Lock or unlock</source>
        <translation>锁定或解锁(&amp;L)</translation>
    </message>
    <message>
        <source>Keep the selected layers as they are, or release them again</source>
        <translation>使所选层保持不变，或解除锁定</translation>
    </message>
    <message>
        <source>&amp;Note…</source>
        <translation>备注(&amp;N)…</translation>
    </message>
    <message>
        <source>Write a note to the selected layers</source>
        <translation>为所选层写备注</translation>
    </message>
    <message>
        <source>Select by &amp;rule…</source>
        <translation>按规则选择(&amp;R)…</translation>
    </message>
    <message>
        <source>Select the layers that meet a condition</source>
        <translation>选择满足条件的层</translation>
    </message>
    <message>
        <source>E&amp;xceptions only</source>
        <translation>仅显示例外(&amp;X)</translation>
    </message>
    <message>
        <source>Show the defaults and only the layers that deviate from them</source>
        <translation>显示默认设置以及与其不同的层</translation>
    </message>
    <message>
        <source>Calibrate</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>Evaluate</source>
        <translation>评估</translation>
    </message>
    <message>
        <source>Evaluate with 16-&amp;bit sums too</source>
        <translation>同时按 16 位求和评估(&amp;B)</translation>
    </message>
    <message>
        <source>Evaluate also tells the accuracy to expect on x86 processors without VNNI, which add 8-bit products in 16 bits that saturate</source>
        <translation>评估时还给出没有 VNNI 的 x86 处理器上的预期准确率：它们以会饱和的 16 位累加 8 位乘积</translation>
    </message>
    <message>
        <source>16-bit sums</source>
        <translation>16 位求和</translation>
    </message>
    <message>
        <source>&amp;First and last layer at 8 bits</source>
        <translation>首层和末层设为 8 位(&amp;F)</translation>
    </message>
    <message>
        <source>The ends of a model often suffer most from few bits: 8 for their weights and inputs</source>
        <translation>模型的两端通常最容易受低位宽影响：将其权重和输入设为 8 位</translation>
    </message>
    <message>
        <source>Weights alone have no first and last layer.</source>
        <translation>仅有权重的文件没有首层和末层。</translation>
    </message>
</context>
<context>
    <name>bitwright::ActivationErrorView</name>
    <message>
        <source>Float activation</source>
        <translation>浮点激活</translation>
    </message>
    <message>
        <source>Quantized activation</source>
        <translation>量化激活</translation>
    </message>
    <message>
        <source>Difference of the activations</source>
        <translation>激活的差异</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>Sample </source>
        <translation>样本 </translation>
    </message>
    <message>
        <source>Feature map</source>
        <translation>特征图</translation>
    </message>
    <message>
        <source>Channel </source>
        <translation>通道 </translation>
    </message>
    <message>
        <source>All channels</source>
        <translation>全部通道</translation>
    </message>
    <message>
        <source>Cumulative</source>
        <translation>累积</translation>
    </message>
    <message>
        <source>Local</source>
        <translation>局部</translation>
    </message>
    <message>
        <source>Kind of error</source>
        <translation>误差的类型</translation>
    </message>
    <message>
        <source>Picture of the sample</source>
        <translation>样本的图片</translation>
    </message>
    <message>
        <source>Open a model and data and calibrate: one sample then runs through both models.</source>
        <translation>请打开模型和数据并校准：随后一个样本将通过两个模型运行。</translation>
    </message>
    <message>
        <source>Select a layer.</source>
        <translation>选择一层。</translation>
    </message>
    <message>
        <source>Activation of %1</source>
        <translation>%1 的激活</translation>
    </message>
    <message>
        <source>Cumulative: the whole plan quantized up to and including this output.</source>
        <translation>累积：整个方案量化至此输出（含）。</translation>
    </message>
    <message>
        <source>Local: the float output before and after its own quantizer.</source>
        <translation>局部：浮点输出经自身量化器前后的差异。</translation>
    </message>
    <message>
        <source> The plan leaves this output in float.</source>
        <translation> 方案使此输出保持浮点。</translation>
    </message>
    <message>
        <source>%1%2 SQNR of this sample: %3.</source>
        <translation>%1%2 此样本的 SQNR：%3。</translation>
    </message>
    <message>
        <source>Nothing to compare</source>
        <translation>没有可比较的内容</translation>
    </message>
</context>
<context>
    <name>bitwright::Autosave</name>
    <message>
        <source>Keep a copy for recovery</source>
        <translation>保存用于恢复的副本</translation>
    </message>
</context>
<context>
    <name>bitwright::BudgetView</name>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Bits of the weights on average</source>
        <translation>权重的平均位数</translation>
    </message>
    <message>
        <source> bits</source>
        <translation> 位</translation>
    </message>
    <message>
        <source>Bits of the weights on average, exactly</source>
        <translation>权重的平均位数（精确值）</translation>
    </message>
    <message>
        <source>What one weight may take on average; every layer gets the bits that do the least harm together, by the sweep of the error maps</source>
        <translation>每个权重平均可用的位数；根据误差图的扫描，为各层分配总体损害最小的位宽</translation>
    </message>
    <message>
        <source>Make this the plan, as one undo step</source>
        <translation>将其设为方案，作为一个撤销步骤</translation>
    </message>
    <message>
        <source>What the budget gives</source>
        <translation>预算的结果</translation>
    </message>
    <message>
        <source>Layers that would change</source>
        <translation>将会改变的层</translation>
    </message>
    <message>
        <source>Open a model first.</source>
        <translation>请先打开模型。</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) would change.</source>
        <translation>
            <numerusform>将改变 %n 个层。</numerusform>
        </translation>
    </message>
    <message>
        <source>Weights: %1 bits on average, %2.</source>
        <translation>权重：平均 %1 位，%2。</translation>
    </message>
    <message>
        <source>Estimate %1 ± %2 % top-1.</source>
        <translation>估计 Top-1 为 %1 ± %2 %。</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>Proposed</source>
        <translation>建议</translation>
    </message>
    <message>
        <source>Budget of %1 bits</source>
        <translation>%1 位预算</translation>
    </message>
</context>
<context>
    <name>bitwright::BulkEditDialog</name>
    <message numerus="yes">
        <source>Edit %n layer(s)</source>
        <translation>
            <numerusform>编辑 %n 个层</numerusform>
        </translation>
    </message>
    <message>
        <source>Weights:</source>
        <translation>权重：</translation>
    </message>
    <message>
        <source>Activations:</source>
        <translation>激活：</translation>
    </message>
    <message numerus="yes">
        <source>%n locked layer(s) will stay as they are.</source>
        <translation>
            <numerusform>%n 个锁定的层将保持不变。</numerusform>
        </translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
</context>
<context>
    <name>bitwright::ChannelModel</name>
    <message>
        <source>%1×</source>
        <translation>%1 倍</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Index along the channel axis; double-click a weight&apos;s channel to see its histogram</source>
        <translation>沿通道轴的序号；双击权重的通道可查看其直方图</translation>
    </message>
    <message>
        <source>Minimum</source>
        <translation>最小值</translation>
    </message>
    <message>
        <source>Least value</source>
        <translation>最小值</translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation>最大值</translation>
    </message>
    <message>
        <source>Greatest value</source>
        <translation>最大值</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>宽度</translation>
    </message>
    <message>
        <source>Width of the range, 0 included, as a multiple of the median channel&apos;s</source>
        <translation>范围（含 0）的宽度，以中位通道的倍数表示</translation>
    </message>
    <message>
        <source>SQNR</source>
        <translation>信噪比（SQNR）</translation>
    </message>
    <message>
        <source>Signal-to-quantization-noise ratio of this channel in dB</source>
        <translation>该通道的信号与量化噪声之比，单位 dB</translation>
    </message>
</context>
<context>
    <name>bitwright::ChannelPlot</name>
    <message>
        <source>Range of a channel</source>
        <translation>通道的范围</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>More than %1× the median (%2)</source>
        <translation>超过中位数的 %1 倍（%2 个）</translation>
    </message>
    <message>
        <source>Channels, widest first</source>
        <translation>通道，从宽到窄</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Click a channel to see its histogram.</source>
        <translation>单击通道可查看其直方图。</translation>
    </message>
    <message>
        <source>Channel %1: %2 … %3, %4× the median</source>
        <translation>通道 %1：%2 … %3，中位数的 %4 倍</translation>
    </message>
    <message>
        <source>, %1</source>
        <translation>，%1</translation>
    </message>
    <message>
        <source>By index</source>
        <translation>按序号</translation>
    </message>
    <message>
        <source>By width</source>
        <translation>按宽度</translation>
    </message>
    <message>
        <source>Order of the channels</source>
        <translation>通道的顺序</translation>
    </message>
    <message>
        <source>× median</source>
        <translation>倍中位数</translation>
    </message>
    <message>
        <source>Mark channels above</source>
        <translation>标记高于此值的通道</translation>
    </message>
    <message>
        <source>Channels whose range is wider than this multiple of the median are marked</source>
        <translation>标记范围超过中位数此倍数的通道</translation>
    </message>
    <message>
        <source>Mark above</source>
        <translation>标记阈值</translation>
    </message>
    <message>
        <source>Channel ranges</source>
        <translation>通道范围</translation>
    </message>
    <message>
        <source>Range of every channel</source>
        <translation>每个通道的范围</translation>
    </message>
    <message>
        <source>Wheel: zoom. Drag: move. Click: histogram of the channel.</source>
        <translation>滚轮：缩放。拖动：移动。单击：该通道的直方图。</translation>
    </message>
    <message>
        <source>No channels are known of this tensor.</source>
        <translation>没有此张量的通道信息。</translation>
    </message>
    <message>
        <source>%1 channels; the widest is %2. %3 exceed the limit.</source>
        <translation>%1 个通道；最宽的是 %2。%3 个超过限值。</translation>
    </message>
</context>
<context>
    <name>bitwright::ClassModel</name>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>样本数</translation>
    </message>
    <message>
        <source>Float precision</source>
        <translation>浮点精确率</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精确率</translation>
    </message>
    <message>
        <source>Float recall</source>
        <translation>浮点召回率</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>召回率</translation>
    </message>
    <message>
        <source>Share of the samples predicted as this class that belong to it</source>
        <translation>被预测为此类别的样本中确实属于它的比例</translation>
    </message>
    <message>
        <source>Share of the samples of this class that are found</source>
        <translation>此类别的样本中被找到的比例</translation>
    </message>
    <message>
        <source>Class of the data</source>
        <translation>数据中的类别</translation>
    </message>
    <message>
        <source>Samples with this label</source>
        <translation>具有此标签的样本</translation>
    </message>
    <message>
        <source>Δ recall</source>
        <translation>召回率变化</translation>
    </message>
    <message>
        <source>Quantized minus float, in percentage points</source>
        <translation>量化减浮点，单位为百分点</translation>
    </message>
</context>
<context>
    <name>bitwright::ColorLegend</name>
    <message>
        <source>Colour scale</source>
        <translation>色标</translation>
    </message>
    <message>
        <source>%1 from %2 (dark) to %3 (bright)</source>
        <translation>%1，从 %2（暗）到 %3（亮）</translation>
    </message>
    <message>
        <source>worse</source>
        <translation>更差</translation>
    </message>
    <message>
        <source>better</source>
        <translation>更好</translation>
    </message>
</context>
<context>
    <name>bitwright::CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation>命令面板</translation>
    </message>
    <message>
        <source>Type the name of an action</source>
        <translation>输入操作的名称</translation>
    </message>
    <message>
        <source>Name of an action</source>
        <translation>操作名称</translation>
    </message>
    <message>
        <source>Actions</source>
        <translation>操作</translation>
    </message>
</context>
<context>
    <name>bitwright::ConfigDiffModel</name>
    <message>
        <source>W %1 · </source>
        <translation>权重 %1 · </translation>
    </message>
    <message>
        <source>A %1</source>
        <translation>激活 %1</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Layers whose formats differ; a click selects them everywhere</source>
        <translation>格式不同的层；单击即在各处选中</translation>
    </message>
    <message>
        <source>Formats of weights (W) and output (A) in “%1”</source>
        <translation>“%1”中权重（W）与输出（A）的格式</translation>
    </message>
</context>
<context>
    <name>bitwright::ConfigHistogram</name>
    <message>
        <source>What the histograms show</source>
        <translation>直方图显示的内容</translation>
    </message>
    <message>
        <source>Weights under the compared configurations</source>
        <translation>所比较配置下的权重</translation>
    </message>
    <message>
        <source>Check two to four configurations, or select one.</source>
        <translation>勾选两到四个配置，或选择一个。</translation>
    </message>
    <message>
        <source>%1 has no weights to compare.</source>
        <translation>%1 没有可比较的权重。</translation>
    </message>
    <message>
        <source>Select a layer to see its weights under each configuration.</source>
        <translation>选择一层，查看其权重在各配置下的分布。</translation>
    </message>
    <message>
        <source>Weights of %1</source>
        <translation>%1 的权重</translation>
    </message>
    <message>
        <source>%1, %2 by “%3”; lines: quantized values of the others</source>
        <translation>%1，按“%3”为 %2；线条：其他配置的量化值</translation>
    </message>
</context>
<context>
    <name>bitwright::ConfigModel</name>
    <message>
        <source>%1 µJ</source>
        <translation>%1 µJ</translation>
    </message>
    <message>
        <source>Check two to four to compare them; Enter applies this one</source>
        <translation>勾选两到四个进行比较；按回车应用当前项</translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation>配置</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Energy</source>
        <translation>能耗</translation>
    </message>
    <message>
        <source>Top-1</source>
        <translation>Top-1 准确率</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Checked ones are compared</source>
        <translation>勾选的配置将被比较</translation>
    </message>
    <message>
        <source>Layers that differ from the plan&apos;s defaults</source>
        <translation>与方案默认设置不同的层</translation>
    </message>
    <message>
        <source>All parameters, packed with scales and zero points</source>
        <translation>所有参数，含缩放因子和零点，按位打包</translation>
    </message>
    <message>
        <source>Estimate for one sample</source>
        <translation>一个样本的估计</translation>
    </message>
    <message>
        <source>Of the quantized model; – until it is evaluated</source>
        <translation>量化模型的数值；评估之前显示 –</translation>
    </message>
    <message>
        <source>Mean cross entropy in nat</source>
        <translation>平均交叉熵，单位奈特</translation>
    </message>
    <message>
        <source>Signal-to-quantization-noise ratio of the model&apos;s output</source>
        <translation>模型输出的信号与量化噪声之比</translation>
    </message>
    <message>
        <source>Exc.</source>
        <translation>例外</translation>
    </message>
    <message>
        <source>BOPs</source>
        <translation>位运算</translation>
    </message>
    <message>
        <source>SQNR</source>
        <translation>SQNR</translation>
    </message>
    <message>
        <source>Bit operations: multiply-accumulates × weight bits × activation bits, one sample</source>
        <translation>位运算：乘加次数 × 权重位数 × 激活位数，单个样本</translation>
    </message>
</context>
<context>
    <name>bitwright::ConfigurationsPage</name>
    <message>
        <source>Take snapshot…</source>
        <translation>保存快照…</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Remove snapshot</source>
        <translation>移除快照</translation>
    </message>
    <message>
        <source>Configurations</source>
        <translation>配置</translation>
    </message>
    <message>
        <source>Layers that differ</source>
        <translation>不同的层</translation>
    </message>
    <message>
        <source>Change of size and accuracy</source>
        <translation>大小与准确率的变化</translation>
    </message>
    <message>
        <source>Keep the plan as it is under a name; undo does not touch it</source>
        <translation>以名称保存当前方案；撤销不影响它</translation>
    </message>
    <message>
        <source>Make the selected configuration the plan, as one undo step (Enter)</source>
        <translation>将所选配置设为方案，作为一个撤销步骤（回车）</translation>
    </message>
    <message>
        <source>Forget the selected snapshot</source>
        <translation>删除所选快照</translation>
    </message>
    <message>
        <source>The plan as it is</source>
        <translation>当前方案</translation>
    </message>
    <message>
        <source>Evaluation %1</source>
        <translation>评估 %1</translation>
    </message>
    <message>
        <source>Evaluation %1: %2</source>
        <translation>评估 %1：%2</translation>
    </message>
    <message>
        <source>Cost of %1</source>
        <translation>%1 的成本</translation>
    </message>
    <message>
        <source>Top-1 (%)</source>
        <translation>Top-1（%）</translation>
    </message>
    <message>
        <source>Output SQNR (dB)</source>
        <translation>输出 SQNR（dB）</translation>
    </message>
    <message>
        <source>size %1</source>
        <translation>大小 %1</translation>
    </message>
    <message>
        <source>bit operations %1</source>
        <translation>位运算量 %1</translation>
    </message>
    <message>
        <source>energy %1</source>
        <translation>能耗 %1</translation>
    </message>
    <message>
        <source>top-1 %1 → %2</source>
        <translation>Top-1 %1 → %2</translation>
    </message>
    <message>
        <source>%1 → %2: %3</source>
        <translation>%1 → %2：%3</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>未测量</translation>
    </message>
    <message>
        <source>Select a configuration to see what it would change, or check two to four to compare them.</source>
        <translation>选择一个配置查看它会更改什么，或勾选两到四个进行比较。</translation>
    </message>
    <message>
        <source>Open a model first.</source>
        <translation>请先打开模型。</translation>
    </message>
    <message>
        <source>Select a configuration that differs from the plan.</source>
        <translation>请选择一个与当前方案不同的配置。</translation>
    </message>
    <message>
        <source>Select a snapshot.</source>
        <translation>请选择一个快照。</translation>
    </message>
    <message>
        <source>Apply configuration %1</source>
        <translation>应用配置 %1</translation>
    </message>
    <message>
        <source>Snapshot %1</source>
        <translation>快照 %1</translation>
    </message>
    <message>
        <source>Take snapshot</source>
        <translation>保存快照</translation>
    </message>
    <message>
        <source>&amp;Name:</source>
        <translation>名称(&amp;N)：</translation>
    </message>
    <message>
        <source>Picture of the configurations</source>
        <translation>配置的图示</translation>
    </message>
    <message>
        <source>Trade-off</source>
        <translation>大小与准确率</translation>
    </message>
    <message>
        <source>Histograms</source>
        <translation>直方图</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
</context>
<context>
    <name>bitwright::ConfusionView</name>
    <message>
        <source>Confusion matrix</source>
        <translation>混淆矩阵</translation>
    </message>
    <message>
        <source>Difference, quantized − float</source>
        <translation>差异，量化 − 浮点</translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>Which confusion matrix</source>
        <translation>显示哪个混淆矩阵</translation>
    </message>
    <message>
        <source>Rows: true class; columns: predicted class; samples.</source>
        <translation>行：真实类别；列：预测类别；单位：样本。</translation>
    </message>
    <message>
        <source>%1 taken for %2: %3 samples</source>
        <translation>%1 被判为 %2：%3 个样本</translation>
    </message>
    <message>
        <source>True class</source>
        <translation>真实类别</translation>
    </message>
    <message>
        <source>Predicted class</source>
        <translation>预测类别</translation>
    </message>
    <message>
        <source>samples</source>
        <translation>样本</translation>
    </message>
</context>
<context>
    <name>bitwright::Controller</name>
    <message>
        <source>The export was cancelled; nothing was written.</source>
        <translation>导出已取消；未写入任何文件。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>%1 does not exist.</source>
        <translation>%1 不存在。</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>打开 %1</translation>
    </message>
    <message>
        <source>The plan %1 is applied as soon as a model is open.</source>
        <translation>打开模型后将立即应用方案 %1。</translation>
    </message>
    <message>
        <source>Open plan</source>
        <translation>打开方案</translation>
    </message>
    <message numerus="yes">
        <source>The plan names %n layer(s) that this model does not have (%1).</source>
        <translation>
            <numerusform>方案中有 %n 个层在此模型中不存在（%1）。</numerusform>
        </translation>
    </message>
    <message>
        <source>Open plan %1</source>
        <translation>打开方案 %1</translation>
    </message>
    <message>
        <source>Save plan</source>
        <translation>保存方案</translation>
    </message>
    <message>
        <source>Open a model first.</source>
        <translation>请先打开模型。</translation>
    </message>
    <message>
        <source>Open data first: ranges of activations are measured on samples.</source>
        <translation>请先打开数据：激活的范围需要在样本上测量。</translation>
    </message>
    <message>
        <source>Calibrate first: the exported model needs the ranges of its activations.</source>
        <translation>请先校准：导出的模型需要激活的范围。</translation>
    </message>
    <message>
        <source>Calibrate</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>Evaluate</source>
        <translation>评估</translation>
    </message>
    <message>
        <source>Export %1</source>
        <translation>导出 %1</translation>
    </message>
</context>
<context>
    <name>bitwright::ErrorMapsPage</name>
    <message>
        <source>No model is open</source>
        <translation>未打开模型</translation>
    </message>
    <message>
        <source>Maps show where the error is: in which layer, channel and element.</source>
        <translation>误差图显示误差所在的层、通道和元素。</translation>
    </message>
    <message>
        <source>Kind of map</source>
        <translation>误差图的类型</translation>
    </message>
    <message>
        <source>Sensitivity</source>
        <translation>敏感度</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Activation</source>
        <translation>激活</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>方案</translation>
    </message>
</context>
<context>
    <name>bitwright::EvaluationPage</name>
    <message>
        <source>Not evaluated yet</source>
        <translation>尚未评估</translation>
    </message>
    <message>
        <source>Evaluate runs the float and the quantized model over the open data and compares them.</source>
        <translation>评估会在已打开的数据上运行浮点模型和量化模型并进行比较。</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差值</translation>
    </message>
    <message>
        <source>Evaluation</source>
        <translation>评估</translation>
    </message>
    <message>
        <source>%1 ± %2</source>
        <translation>%1 ± %2</translation>
    </message>
    <message>
        <source>%1 points</source>
        <translation>%1 个百分点</translation>
    </message>
    <message>
        <source>Share of samples; ± is half the 95 % confidence interval (Wilson).</source>
        <translation>样本所占的比例；± 为 95 % 置信区间（Wilson）的一半。</translation>
    </message>
    <message>
        <source>Top-1 accuracy</source>
        <translation>Top-1 准确率</translation>
    </message>
    <message>
        <source>Top-5 accuracy</source>
        <translation>Top-5 准确率</translation>
    </message>
    <message>
        <source>Cross entropy (nat)</source>
        <translation>交叉熵（奈特）</translation>
    </message>
    <message>
        <source>Mean loss over the samples; lower is better.</source>
        <translation>样本的平均损失；越低越好。</translation>
    </message>
    <message>
        <source>Macro F1</source>
        <translation>宏平均 F1</translation>
    </message>
    <message>
        <source>Mean over the classes of the harmonic mean of precision and recall.</source>
        <translation>各类别精确率与召回率的调和平均数的平均值。</translation>
    </message>
    <message>
        <source>Same top-1 as float</source>
        <translation>与浮点 Top-1 相同</translation>
    </message>
    <message>
        <source>Share of samples for which both models predict the same class.</source>
        <translation>两个模型预测相同类别的样本所占的比例。</translation>
    </message>
    <message>
        <source>Output SQNR</source>
        <translation>输出信噪比</translation>
    </message>
    <message>
        <source>Signal-to-quantization-noise ratio of the model&apos;s output.</source>
        <translation>模型输出的信号与量化噪声之比。</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>All parameters; packed with scales and zero points.</source>
        <translation>所有参数；含缩放因子和零点，按位打包。</translation>
    </message>
    <message>
        <source>%1× smaller</source>
        <translation>缩小 %1 倍</translation>
    </message>
    <message>
        <source>Size, Huffman coded</source>
        <translation>霍夫曼编码后大小</translation>
    </message>
    <message>
        <source>The same with entropy-coded weights, as in Deep Compression.</source>
        <translation>同上，但权重经过熵编码，如 Deep Compression 所述。</translation>
    </message>
    <message>
        <source>Bit operations</source>
        <translation>位运算量</translation>
    </message>
    <message>
        <source>Multiply-accumulates × weight bits × activation bits, one sample.</source>
        <translation>乘加次数 × 权重位数 × 激活位数，一个样本。</translation>
    </message>
    <message>
        <source>Energy estimate</source>
        <translation>能耗估计</translation>
    </message>
    <message>
        <source>One sample, arithmetic and memory, after %1.</source>
        <translation>一个样本，运算与访存，依据 %1。</translation>
    </message>
    <message>
        <source>%1 µJ</source>
        <translation>%1 µJ</translation>
    </message>
    <message>
        <source>%1 → %2 top-1</source>
        <translation>%1 → %2 Top-1</translation>
    </message>
    <message>
        <source>Output SQNR %1</source>
        <translation>输出信噪比 %1</translation>
    </message>
    <message>
        <source>Measured on %1.</source>
        <translation>在 %1上测得。</translation>
    </message>
    <message>
        <source>Partial: the evaluation was cancelled.</source>
        <translation>部分结果：评估已取消。</translation>
    </message>
    <message>
        <source>The plan has changed since: evaluate again.</source>
        <translation>此后方案已更改：请重新评估。</translation>
    </message>
    <message>
        <source>Precision and recall by class</source>
        <translation>各类别的精确率与召回率</translation>
    </message>
    <message>
        <source>Part of the evaluation</source>
        <translation>评估的部分</translation>
    </message>
    <message>
        <source>Summary</source>
        <translation>摘要</translation>
    </message>
    <message>
        <source>Confusion</source>
        <translation>混淆</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Changed samples</source>
        <translation>变化的样本</translation>
    </message>
    <message numerus="yes">
        <source>%Ln sample(s)</source>
        <translation>
            <numerusform>%Ln 个样本</numerusform>
        </translation>
    </message>
    <message>
        <source>There is no accuracy</source>
        <translation>没有准确率</translation>
    </message>
    <message>
        <source>Pointing at a row explains it</source>
        <translation>指向某一行可查看说明</translation>
    </message>
    <message>
        <source>The model under the plan</source>
        <translation>按方案量化的模型</translation>
    </message>
    <message>
        <source>Quantized minus float</source>
        <translation>量化减浮点</translation>
    </message>
    <message>
        <source>Size without zeros</source>
        <translation>去零后的大小</translation>
    </message>
    <message>
        <source>Packed non-zero weights with a bitmap or run lengths, where that is smaller.</source>
        <translation>只存非零权重，并附位图或游程长度（在更小时采用）。</translation>
    </message>
    <message>
        <source>Float, tuned</source>
        <translation>浮点（调优后）</translation>
    </message>
    <message>
        <source>The model as it was opened, without quantization</source>
        <translation>打开时的模型，未量化</translation>
    </message>
    <message>
        <source>The tuned weights without quantization</source>
        <translation>调优后的权重，未量化</translation>
    </message>
    <message>
        <source>Same top-1 as tuned float</source>
        <translation>与调优后浮点模型 Top-1 相同</translation>
    </message>
    <message>
        <source>16-bit sums</source>
        <translation>16 位求和</translation>
    </message>
    <message>
        <source>The model under the plan in ONNX Runtime on x86 processors without VNNI, where sums of two products saturate at 16 bits</source>
        <translation>按方案量化的模型在没有 VNNI 的 x86 处理器上用 ONNX Runtime 运行：两个乘积之和在 16 位处饱和</translation>
    </message>
    <message>
        <source>Evaluate with 16-bit sums too</source>
        <translation>同时按 16 位求和评估</translation>
    </message>
    <message>
        <source>No sum leaves 16 bits.</source>
        <translation>没有求和超出 16 位。</translation>
    </message>
    <message>
        <source>16-bit sums: most often wrong in %1 (%2 of its outputs).</source>
        <translation>16 位求和：%1 中出错最多（其输出的 %2）。</translation>
    </message>
</context>
<context>
    <name>bitwright::ExceptionsBar</name>
    <message>
        <source>Reset selected</source>
        <translation>重置所选</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>全部重置</translation>
    </message>
    <message>
        <source>Default weights:</source>
        <translation>默认权重：</translation>
    </message>
    <message>
        <source>Default activations:</source>
        <translation>默认激活：</translation>
    </message>
    <message>
        <source>Let the selected layers follow the defaults again</source>
        <translation>让所选层重新遵循默认设置</translation>
    </message>
    <message>
        <source>Let every layer follow the defaults again</source>
        <translation>让所有层重新遵循默认设置</translation>
    </message>
</context>
<context>
    <name>bitwright::ExportDialog</name>
    <message>
        <source>&amp;Export</source>
        <translation>导出(&amp;E)</translation>
    </message>
    <message>
        <source>Export quantized model</source>
        <translation>导出量化模型</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>浏览(&amp;B)…</translation>
    </message>
    <message>
        <source>Browse for a file</source>
        <translation>浏览文件</translation>
    </message>
    <message>
        <source>&amp;Format:</source>
        <translation>格式(&amp;F)：</translation>
    </message>
    <message>
        <source>F&amp;ile:</source>
        <translation>文件(&amp;I)：</translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>导出到</translation>
    </message>
    <message>
        <source>%1 (*%2)</source>
        <translation>%1 (*%2)</translation>
    </message>
    <message>
        <source>An export is running.</source>
        <translation>正在导出。</translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation>正在导出…</translation>
    </message>
    <message>
        <source>Written: %1 (%2)</source>
        <translation>已写入：%1（%2）</translation>
    </message>
    <message>
        <source>Integer engine: %1</source>
        <translation>整数引擎：%1</translation>
    </message>
    <message numerus="yes">
        <source>Loaded again and compared with the simulation on %n sample(s): largest difference %1, SQNR %2</source>
        <translation>
            <numerusform>重新加载并在 %n 个样本上与模拟结果比较：最大差值 %1，信噪比 %2</numerusform>
        </translation>
    </message>
    <message>
        <source>Same top-1: %1</source>
        <translation>Top-1 相同：%1</translation>
    </message>
    <message>
        <source>ONNX Runtime, processor</source>
        <translation>ONNX Runtime（处理器）</translation>
    </message>
    <message>
        <source>Unsigned activations, which its integer kernels take.</source>
        <translation>激活为无符号数，其整数内核可直接使用。</translation>
    </message>
    <message>
        <source>TensorRT</source>
        <translation>TensorRT</translation>
    </message>
    <message>
        <source>Keeps the plan&apos;s signs, biases in float. TensorRT takes symmetric 8-bit activations only.</source>
        <translation>保留方案的符号，偏置为浮点。TensorRT 只接受对称的 8 位激活。</translation>
    </message>
    <message>
        <source>OpenVINO</source>
        <translation>OpenVINO</translation>
    </message>
    <message>
        <source>Keeps the plan&apos;s signs.</source>
        <translation>保留方案的符号。</translation>
    </message>
    <message>
        <source>Any ONNX runtime</source>
        <translation>任意 ONNX 运行时</translation>
    </message>
    <message>
        <source>Keeps the plan&apos;s signs; ONNX Runtime computes signed activations in float.</source>
        <translation>保留方案的符号；ONNX Runtime 以浮点计算有符号激活。</translation>
    </message>
    <message>
        <source>&amp;7-bit weights, for processors without VNNI</source>
        <translation>7 位权重，用于没有 VNNI 的处理器(&amp;7)</translation>
    </message>
    <message>
        <source>&amp;Open the written model</source>
        <translation>打开写出的模型(&amp;O)</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Size:</source>
        <translation>大小：</translation>
    </message>
    <message>
        <source>Runtime</source>
        <translation>运行时</translation>
    </message>
    <message>
        <source>Lowest that holds the plan</source>
        <translation>能容纳方案的最低版本</translation>
    </message>
    <message>
        <source>Opset</source>
        <translation>算子集版本</translation>
    </message>
    <message>
        <source>&amp;Runtime:</source>
        <translation>运行时(&amp;R)：</translation>
    </message>
    <message>
        <source>O&amp;pset:</source>
        <translation>算子集版本(&amp;P)：</translation>
    </message>
    <message>
        <source>Holds no weights</source>
        <translation>不含权重</translation>
    </message>
    <message>
        <source>About %1, and the graph; in float %2</source>
        <translation>约 %1，另加计算图；浮点为 %2</translation>
    </message>
    <message>
        <source>A file of this format does not run by itself.</source>
        <translation>这种格式的文件不能单独运行。</translation>
    </message>
    <message>
        <source>%1 exists. Replace it?</source>
        <translation>%1 已存在。要替换它吗？</translation>
    </message>
</context>
<context>
    <name>bitwright::FlipModel</name>
    <message>
        <source>Sample</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>True class</source>
        <translation>真实类别</translation>
    </message>
    <message>
        <source>Float margin</source>
        <translation>浮点间隔</translation>
    </message>
    <message>
        <source>Quantized margin</source>
        <translation>量化间隔</translation>
    </message>
    <message>
        <source>Largest output minus the second largest: how sure the model is</source>
        <translation>最大输出减去次大输出：模型的把握程度</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Number of the sample in the data</source>
        <translation>样本在数据中的编号</translation>
    </message>
    <message>
        <source>Label of the sample</source>
        <translation>样本的标签</translation>
    </message>
    <message>
        <source>Class that the float model predicts</source>
        <translation>浮点模型预测的类别</translation>
    </message>
    <message>
        <source>Class that the quantized model predicts</source>
        <translation>量化模型预测的类别</translation>
    </message>
</context>
<context>
    <name>bitwright::FlipView</name>
    <message>
        <source>Export list…</source>
        <translation>导出列表…</translation>
    </message>
    <message>
        <source>All that changed</source>
        <translation>所有变化</translation>
    </message>
    <message>
        <source>Float right, quantized wrong</source>
        <translation>浮点正确，量化错误</translation>
    </message>
    <message>
        <source>Float wrong, quantized right</source>
        <translation>浮点错误，量化正确</translation>
    </message>
    <message>
        <source>Both wrong</source>
        <translation>两者都错误</translation>
    </message>
    <message>
        <source>Which samples</source>
        <translation>显示哪些样本</translation>
    </message>
    <message>
        <source>Samples whose prediction changed</source>
        <translation>预测发生变化的样本</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Outputs of the sample</source>
        <translation>样本的输出</translation>
    </message>
    <message>
        <source>Picture of the sample</source>
        <translation>样本的图片</translation>
    </message>
    <message>
        <source>Write the list as CSV</source>
        <translation>将列表写为 CSV</translation>
    </message>
    <message>
        <source>The list is empty.</source>
        <translation>列表为空。</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>Export the list</source>
        <translation>导出列表</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>表格 (*.csv)</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %Ln changed sample(s), surest of the float model first</source>
        <translation>
            <numerusform>%Ln 个变化的样本中的 %1 个，浮点模型把握最大的在前</numerusform>
        </translation>
    </message>
    <message>
        <source>Classes that either model holds likeliest</source>
        <translation>任一模型认为最可能的类别</translation>
    </message>
    <message>
        <source>Output of the float model</source>
        <translation>浮点模型的输出</translation>
    </message>
    <message>
        <source>Output of the quantized model</source>
        <translation>量化模型的输出</translation>
    </message>
</context>
<context>
    <name>bitwright::GlossaryDialog</name>
    <message>
        <source>Glossary</source>
        <translation>术语表</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search the glossary</source>
        <translation>搜索术语表</translation>
    </message>
    <message>
        <source>Terms</source>
        <translation>术语</translation>
    </message>
    <message>
        <source>Term</source>
        <translation>术语</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>含义</translation>
    </message>
</context>
<context>
    <name>bitwright::GraphPage</name>
    <message>
        <source>No model is open</source>
        <translation>未打开模型</translation>
    </message>
    <message>
        <source>The layers of the model and how data flows through them.</source>
        <translation>模型的各层以及数据在其间的流动。</translation>
    </message>
    <message>
        <source>The layout was cancelled.</source>
        <translation>布局已取消。</translation>
    </message>
    <message>
        <source>The layout failed.</source>
        <translation>布局失败。</translation>
    </message>
    <message>
        <source>Lay out again</source>
        <translation>重新布局</translation>
    </message>
    <message>
        <source>Colour of the graph</source>
        <translation>图的颜色</translation>
    </message>
    <message>
        <source>What the colour and the number of every box show</source>
        <translation>每个方框的颜色和数字所表示的内容</translation>
    </message>
    <message>
        <source>Search (regular expression)</source>
        <translation>搜索（正则表达式）</translation>
    </message>
    <message>
        <source>Search in the graph</source>
        <translation>在图中搜索</translation>
    </message>
    <message>
        <source>Marks the layers whose name or operator matches; Enter goes to the next one</source>
        <translation>标记名称或算子匹配的层；按回车转到下一个</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>%1, while the graph has the focus (%2)</source>
        <translation>%1，当模型图获得焦点时（%2）</translation>
    </message>
    <message>
        <source>&amp;Fit graph</source>
        <translation>适应图(&amp;F)</translation>
    </message>
    <message>
        <source>Graph: zoom &amp;in</source>
        <translation>图：放大(&amp;I)</translation>
    </message>
    <message>
        <source>Graph: zoom &amp;out</source>
        <translation>图：缩小(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Expand all modules</source>
        <translation>展开所有模块(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Collapse all modules</source>
        <translation>折叠所有模块(&amp;C)</translation>
    </message>
    <message numerus="yes">
        <source>Laying out %n box(es)…</source>
        <translation>
            <numerusform>正在布局 %n 个方框…</numerusform>
        </translation>
    </message>
    <message>
        <source>Lay out the graph</source>
        <translation>布局模型图</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n 个层</numerusform>
        </translation>
    </message>
    <message>
        <source>input</source>
        <translation>输入</translation>
    </message>
    <message numerus="yes">
        <source>%1: %n layer(s); double-click or Enter opens it</source>
        <translation>
            <numerusform>%1：%n 个层；双击或按回车打开</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n match(es)</source>
        <translation>
            <numerusform>%n 个匹配</numerusform>
        </translation>
    </message>
    <message>
        <source>There is no graph</source>
        <translation>没有计算图</translation>
    </message>
</context>
<context>
    <name>bitwright::GraphView</name>
    <message>
        <source>Model graph</source>
        <translation>模型图</translation>
    </message>
</context>
<context>
    <name>bitwright::HeatLegend</name>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>largest</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>least</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>Colour scale of %1 from %2 to %3</source>
        <translation>%1 的色标，从 %2 到 %3</translation>
    </message>
</context>
<context>
    <name>bitwright::HeatMap</name>
    <message>
        <source>not measured</source>
        <translation>未测量</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1，%2：%3</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
</context>
<context>
    <name>bitwright::HeatPanel</name>
    <message>
        <source>%1, as a table</source>
        <translation>%1，以表格显示</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>Show the numbers of the map as a table</source>
        <translation>以表格显示图中的数值</translation>
    </message>
    <message>
        <source>Cell under the cursor</source>
        <translation>光标所在的单元格</translation>
    </message>
</context>
<context>
    <name>bitwright::HeatTableModel</name>
    <message>
        <source>%1, in %2</source>
        <translation>%1，单位 %2</translation>
    </message>
</context>
<context>
    <name>bitwright::HistogramPage</name>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Output activation</source>
        <translation>输出激活</translation>
    </message>
    <message>
        <source>Tensor kind</source>
        <translation>张量类型</translation>
    </message>
    <message>
        <source>Logarithmic</source>
        <translation>对数</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>适应</translation>
    </message>
    <message>
        <source>Logarithmic density axis</source>
        <translation>密度轴使用对数刻度</translation>
    </message>
    <message>
        <source>Show the whole tensor and its range</source>
        <translation>显示整个张量及其范围</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>Distribution of %1</source>
        <translation>%1 的分布</translation>
    </message>
    <message>
        <source>%1: range %2 … %3</source>
        <translation>%1：范围 %2 … %3</translation>
    </message>
    <message numerus="yes">
        <source>%1 for the whole tensor instead of %n scale(s)</source>
        <translation>
            <numerusform>%1：整个张量共用，而不是 %n 个缩放因子</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1: range of %n sample(s)</source>
        <translation>
            <numerusform>%1：%n 个样本的范围</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: range by %2</source>
        <translation>%1：范围由 %2 确定</translation>
    </message>
    <message>
        <source>range by keys</source>
        <translation>用键盘设置范围</translation>
    </message>
    <message>
        <source>, channel %1</source>
        <translation>，通道 %1</translation>
    </message>
    <message>
        <source> – preview, not in the plan yet</source>
        <translation> – 预览，尚未写入方案</translation>
    </message>
    <message>
        <source>%1%2: %3%4</source>
        <translation>%1%2：%3%4</translation>
    </message>
    <message>
        <source>Point at a value to read how it is quantized, step by step.</source>
        <translation>指向一个数值，逐步查看它如何被量化。</translation>
    </message>
    <message>
        <source>    (the widest of %1 scales)
</source>
        <translation>    （%1 个缩放因子中最宽的）
</translation>
    </message>
    <message>
        <source>Range and statistics</source>
        <translation>范围与统计</translation>
    </message>
    <message>
        <source>Formula</source>
        <translation>公式</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>直方图</translation>
    </message>
    <message>
        <source>Channel table</source>
        <translation>通道表</translation>
    </message>
    <message>
        <source>Staircase</source>
        <translation>阶梯图</translation>
    </message>
    <message>
        <source>Input activation</source>
        <translation>输入激活</translation>
    </message>
    <message>
        <source>Show the weights, the input or the output of the selected layer</source>
        <translation>显示所选层的权重、输入或输出</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>Which of the layer&apos;s weights or inputs to show</source>
        <translation>显示该层的哪个权重或输入</translation>
    </message>
    <message>
        <source>All channels</source>
        <translation>全部通道</translation>
    </message>
    <message>
        <source>Back from one channel to the whole tensor</source>
        <translation>从单个通道返回整个张量</translation>
    </message>
    <message>
        <source>%1: ranges of the channels cut to %2 … %3</source>
        <translation>%1：各通道的范围截至 %2 … %3</translation>
    </message>
    <message>
        <source>Error of %1</source>
        <translation>%1 的误差</translation>
    </message>
    <message>
        <source>%1: ranges cut to %2 … %3</source>
        <translation>%1：范围截至 %2 … %3</translation>
    </message>
</context>
<context>
    <name>bitwright::HistogramPlot</name>
    <message>
        <source>Float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Clipped</source>
        <translation>被截断</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>直方图</translation>
    </message>
    <message>
        <source>Histogram of float and quantized values</source>
        <translation>浮点值与量化值的直方图</translation>
    </message>
    <message>
        <source>Density (logarithmic)</source>
        <translation>密度（对数）</translation>
    </message>
    <message>
        <source>Density</source>
        <translation>密度</translation>
    </message>
    <message>
        <source>Levels</source>
        <translation>量化级</translation>
    </message>
    <message>
        <source>↑ %1 exact zeros</source>
        <translation>↑ %1 个精确的零</translation>
    </message>
    <message>
        <source>Wheel: zoom. Drag: move. Double-click: show everything. Arrow keys: move the probe.</source>
        <translation>滚轮：缩放。拖动：移动。双击：显示全部。方向键：移动探针。</translation>
    </message>
</context>
<context>
    <name>bitwright::HistoryPage</name>
    <message>
        <source>Plan as opened</source>
        <translation>打开时的方案</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Click a step to go back or forward to it</source>
        <translation>单击某一步即可后退或前进到该步</translation>
    </message>
</context>
<context>
    <name>bitwright::JobModel</name>
    <message>
        <source>Queued</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>%1 %2 of %3</source>
        <translation>%1 %2 / %3</translation>
    </message>
    <message>
        <source>took %1</source>
        <translation>用时 %1</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>剩余 %1</translation>
    </message>
    <message>
        <source>%1: stopping</source>
        <translation>%1：正在停止</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>What is done</source>
        <translation>所做的工作</translation>
    </message>
    <message>
        <source>Jobs run one after the other</source>
        <translation>任务依次运行</translation>
    </message>
    <message>
        <source>The step it is at, and how far</source>
        <translation>当前步骤及进度</translation>
    </message>
    <message>
        <source>Remaining while it runs, needed when it is over</source>
        <translation>运行时为剩余时间，结束后为用时</translation>
    </message>
    <message>
        <source>Why it failed, or what is to be said of the result</source>
        <translation>失败的原因，或关于结果的说明</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>%1, paused</source>
        <translation>%1，已暂停</translation>
    </message>
</context>
<context>
    <name>bitwright::JobRunner</name>
    <message>
        <source>What was finished is kept and marked partial.</source>
        <translation>已完成的部分会保留并标记为部分结果。</translation>
    </message>
</context>
<context>
    <name>bitwright::JobsPage</name>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>C&amp;lear finished</source>
        <translation>清除已完成的任务(&amp;L)</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Cancel job</source>
        <translation>取消任务</translation>
    </message>
    <message>
        <source>Clear finished jobs</source>
        <translation>清除已完成的任务</translation>
    </message>
    <message>
        <source>No jobs</source>
        <translation>没有任务</translation>
    </message>
    <message>
        <source>Opening, calibrating, evaluating and exporting appear here with their progress.</source>
        <translation>打开、校准、评估和导出及其进度显示在这里。</translation>
    </message>
    <message>
        <source>Stop the selected job, or the running one</source>
        <translation>停止所选任务或正在运行的任务</translation>
    </message>
    <message>
        <source>No job is running.</source>
        <translation>没有正在运行的任务。</translation>
    </message>
    <message>
        <source>Remove finished jobs from the list</source>
        <translation>从列表中移除已完成的任务</translation>
    </message>
    <message>
        <source>No job has finished yet.</source>
        <translation>尚无已完成的任务。</translation>
    </message>
</context>
<context>
    <name>bitwright::LayerModel</name>
    <message>
        <source>&quot;%1&quot; is not one of the choices.</source>
        <translation>“%1”不是可选项。</translation>
    </message>
    <message>
        <source>weight bits</source>
        <translation>权重位宽</translation>
    </message>
    <message>
        <source>weight scheme</source>
        <translation>权重方案</translation>
    </message>
    <message>
        <source>weight granularity</source>
        <translation>权重粒度</translation>
    </message>
    <message>
        <source>activation bits</source>
        <translation>激活位宽</translation>
    </message>
    <message>
        <source>activation scheme</source>
        <translation>激活方案</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n 个层</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: reset to defaults</source>
        <translation>%1：恢复默认设置</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Module path of the layer; sorts by execution order</source>
        <translation>层的模块路径；按执行顺序排序</translation>
    </message>
    <message>
        <source>Operator</source>
        <translation>算子</translation>
    </message>
    <message>
        <source>What the layer computes</source>
        <translation>该层的计算</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Shape of the weight, or → of the output where there is none</source>
        <translation>权重的形状；没有权重时为 → 输出的形状</translation>
    </message>
    <message>
        <source>W bits</source>
        <translation>权重位宽</translation>
    </message>
    <message>
        <source>Number format of the weights; double-click or F2 to change</source>
        <translation>权重的数字格式；双击或按 F2 更改</translation>
    </message>
    <message>
        <source>W scheme</source>
        <translation>权重方案</translation>
    </message>
    <message>
        <source>How the integer grid of the weights lies around zero</source>
        <translation>权重的整数网格相对于零的位置</translation>
    </message>
    <message>
        <source>W granularity</source>
        <translation>权重粒度</translation>
    </message>
    <message>
        <source>How many scales the weights have</source>
        <translation>权重有多少个缩放因子</translation>
    </message>
    <message>
        <source>A bits</source>
        <translation>激活位宽</translation>
    </message>
    <message>
        <source>Number format of the layer&apos;s output</source>
        <translation>该层输出的数字格式</translation>
    </message>
    <message>
        <source>A scheme</source>
        <translation>激活方案</translation>
    </message>
    <message>
        <source>How the integer grid of the output lies around zero</source>
        <translation>输出的整数网格相对于零的位置</translation>
    </message>
    <message>
        <source>W SQNR</source>
        <translation>权重 SQNR</translation>
    </message>
    <message>
        <source>A SQNR</source>
        <translation>激活 SQNR</translation>
    </message>
    <message>
        <source>input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Weight %1: %2</source>
        <translation>权重 %1：%2</translation>
    </message>
    <message>
        <source>Output: %1</source>
        <translation>输出：%1</translation>
    </message>
    <message>
        <source>No quantized weights.</source>
        <translation>没有量化的权重。</translation>
    </message>
    <message>
        <source>Unknown until the model is calibrated, or not quantized.</source>
        <translation>校准之前未知，或未量化。</translation>
    </message>
    <message>
        <source>This layer has no weights.</source>
        <translation>该层没有权重。</translation>
    </message>
    <message>
        <source>This number format has no scheme.</source>
        <translation>此数字格式没有方案。</translation>
    </message>
    <message>
        <source>%1, range by %2</source>
        <translation>%1，范围由 %2 确定</translation>
    </message>
    <message>
        <source>%1 (differs from the default)</source>
        <translation>%1（与默认值不同）</translation>
    </message>
    <message>
        <source>Packed weights with scales and zero points; %1 as stored in the file</source>
        <translation>打包后的权重，含缩放因子和零点；在文件中存储为 %1</translation>
    </message>
    <message>
        <source>Locked: no edit and no search changes this layer.</source>
        <translation>已锁定：任何编辑和搜索都不会更改此层。</translation>
    </message>
    <message>
        <source>Note: %1</source>
        <translation>备注：%1</translation>
    </message>
    <message>
        <source>Locked: unlock the layer to change it.</source>
        <translation>已锁定：请先解锁该层再更改。</translation>
    </message>
    <message>
        <source>Local error: this tensor by its own quantizer alone.
SQNR %1, MSE %2, largest error %3, clipped %4</source>
        <translation>局部误差：仅此张量经自身量化器。
SQNR %1，MSE %2，最大误差 %3，截断 %4</translation>
    </message>
    <message>
        <source>W range</source>
        <translation>权重范围</translation>
    </message>
    <message>
        <source>A range</source>
        <translation>激活范围</translation>
    </message>
    <message>
        <source>W MSE</source>
        <translation>权重 MSE</translation>
    </message>
    <message>
        <source>A MSE</source>
        <translation>激活 MSE</translation>
    </message>
    <message>
        <source>W cosine</source>
        <translation>权重余弦</translation>
    </message>
    <message>
        <source>A cosine</source>
        <translation>激活余弦</translation>
    </message>
    <message>
        <source>W max error</source>
        <translation>权重最大误差</translation>
    </message>
    <message>
        <source>A max error</source>
        <translation>激活最大误差</translation>
    </message>
    <message>
        <source>W clipped</source>
        <translation>权重截断</translation>
    </message>
    <message>
        <source>A clipped</source>
        <translation>激活截断</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>How the range of the weights is found</source>
        <translation>如何确定权重的范围</translation>
    </message>
    <message>
        <source>How the range of the output is found from its statistics</source>
        <translation>如何根据统计确定输出的范围</translation>
    </message>
    <message>
        <source>Your own words about the layer; kept in the plan and in reports</source>
        <translation>您对该层的说明；保存在方案和报告中</translation>
    </message>
    <message>
        <source>weight range</source>
        <translation>权重范围</translation>
    </message>
    <message>
        <source>activation range</source>
        <translation>激活范围</translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>%1 is locked; unlock it to change it.</source>
        <translation>%1 已锁定；请先解锁再更改。</translation>
    </message>
    <message numerus="yes">
        <source>%n locked layer(s) stayed as they are; unlock them to change them.</source>
        <translation>
            <numerusform>%n 个锁定的层保持不变；请先解锁再更改。</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Defaults: %1</source>
        <translation>默认：%1</translation>
    </message>
    <message>
        <source>%1: locked</source>
        <translation>%1：已锁定</translation>
    </message>
    <message>
        <source>%1: unlocked</source>
        <translation>%1：已解锁</translation>
    </message>
    <message>
        <source>%1: note</source>
        <translation>%1：备注</translation>
    </message>
    <message>
        <source>The first and the last layer have 8 bits already, are in float or locked.</source>
        <translation>首层和末层已是 8 位、保持浮点或已锁定。</translation>
    </message>
    <message>
        <source>First and last layer at 8 bits</source>
        <translation>首层和末层设为 8 位</translation>
    </message>
</context>
<context>
    <name>bitwright::LayerPage</name>
    <message>
        <source>No model is open</source>
        <translation>未打开模型</translation>
    </message>
    <message>
        <source>Open a TorchScript file, or drop one here, to see what quantization does to every layer. Data (HDF5, class folders, IDX, CIFAR, NumPy) and plans can be dropped too.</source>
        <translation>打开 TorchScript 文件或将其拖放到此处，查看量化对每一层的影响。也可以拖放数据（HDF5、分类文件夹、IDX、CIFAR、NumPy）和方案。</translation>
    </message>
    <message>
        <source>Filter by name or operator (regular expression)</source>
        <translation>按名称或算子筛选（正则表达式）</translation>
    </message>
    <message>
        <source>Filter layers</source>
        <translation>筛选层</translation>
    </message>
    <message>
        <source>Rows whose name or operator matches stay, for example &quot;^features|linear&quot;</source>
        <translation>保留名称或算子匹配的行，例如 &quot;^features|linear&quot;</translation>
    </message>
    <message>
        <source>Totals</source>
        <translation>合计</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n 个层</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>%1 parameters</source>
        <translation>%1 个参数</translation>
    </message>
    <message>
        <source>%1 multiply-accumulates per sample</source>
        <translation>每个样本 %1 次乘加</translation>
    </message>
    <message>
        <source>%1 → %2 (%3× smaller)</source>
        <translation>%1 → %2（缩小 %3 倍）</translation>
    </message>
    <message>
        <source>worst weights: %1 at %2</source>
        <translation>最差的权重：%1，%2</translation>
    </message>
    <message>
        <source>Ranking</source>
        <translation>排序</translation>
    </message>
    <message>
        <source>The layers that are worst by this metric come first</source>
        <translation>按此指标最差的层排在最前</translation>
    </message>
    <message>
        <source>Execution order</source>
        <translation>执行顺序</translation>
    </message>
    <message>
        <source>Worst by %1</source>
        <translation>按 %1 最差</translation>
    </message>
    <message>
        <source>Rank again</source>
        <translation>重新排序</translation>
    </message>
    <message>
        <source>Numbers have changed since the rows were put in order</source>
        <translation>排序之后数值已有变化</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Choose the columns of the table</source>
        <translation>选择表中显示的列</translation>
    </message>
    <message>
        <source>%1 (taken literally)</source>
        <translation>%1（按字面匹配）</translation>
    </message>
    <message>
        <source>Exceptions (%1)</source>
        <translation>例外（%1）</translation>
    </message>
    <message>
        <source>Exceptions</source>
        <translation>例外</translation>
    </message>
    <message>
        <source>Weight &amp;bits</source>
        <translation>权重位宽(&amp;B)</translation>
    </message>
    <message numerus="yes">
        <source>Note to %n layer(s)</source>
        <translation>
            <numerusform>%n 个层的备注</numerusform>
        </translation>
    </message>
    <message>
        <source>Why these layers are as they are; empty takes the note away:</source>
        <translation>这些层如此设置的原因；留空则删除备注：</translation>
    </message>
</context>
<context>
    <name>bitwright::LayerTable</name>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Click sorts; the context menu chooses the columns</source>
        <translation>单击排序；右键菜单选择列</translation>
    </message>
    <message>
        <source>&amp;Copy rows</source>
        <translation>复制行(&amp;C)</translation>
    </message>
    <message>
        <source>Copy rows as C&amp;SV</source>
        <translation>复制行为 CSV(&amp;S)</translation>
    </message>
</context>
<context>
    <name>bitwright::LiveReports</name>
    <message>
        <source>Error of %1</source>
        <translation>%1 的误差</translation>
    </message>
</context>
<context>
    <name>bitwright::MainWindow</name>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>最近打开(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Layer</source>
        <translation>层(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>运行(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Settings</source>
        <translation>设置(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>Show or hide this view</source>
        <translation>显示或隐藏此视图</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Layouts</source>
        <translation>布局(&amp;L)</translation>
    </message>
    <message>
        <source>Main tool bar</source>
        <translation>主工具栏</translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation>会话</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Save layout</source>
        <translation>保存布局</translation>
    </message>
    <message>
        <source>Name of the layout:</source>
        <translation>布局的名称：</translation>
    </message>
    <message>
        <source>Copied: %1</source>
        <translation>已复制：%1</translation>
    </message>
    <message>
        <source>&amp;Layers only</source>
        <translation>仅层表(&amp;L)</translation>
    </message>
    <message>
        <source>Layers and &amp;details</source>
        <translation>层表与详细信息(&amp;D)</translation>
    </message>
    <message>
        <source>Layers and &amp;results</source>
        <translation>层表与结果(&amp;R)</translation>
    </message>
    <message>
        <source>Show these views only</source>
        <translation>仅显示这些视图</translation>
    </message>
    <message>
        <source>A layout that you saved</source>
        <translation>您保存的布局</translation>
    </message>
    <message>
        <source>Forget “%1”</source>
        <translation>忘记“%1”</translation>
    </message>
    <message>
        <source>Remove this layout from the list</source>
        <translation>从列表中移除此布局</translation>
    </message>
    <message>
        <source>About Bitwright</source>
        <translation>关于 Bitwright</translation>
    </message>
    <message>
        <source>&lt;h3&gt;Bitwright %1&lt;/h3&gt;&lt;p&gt;Workbench for neural-network quantization.&lt;/p&gt;&lt;p&gt;GNU General Public License, version 3 or later.&lt;/p&gt;</source>
        <translation>&lt;h3&gt;Bitwright %1&lt;/h3&gt;&lt;p&gt;神经网络量化工作台。&lt;/p&gt;&lt;p&gt;GNU 通用公共许可证第 3 版或更新版本。&lt;/p&gt;</translation>
    </message>
    <message>
        <source>Bitwright</source>
        <translation>Bitwright</translation>
    </message>
    <message>
        <source>%1[*] – Bitwright</source>
        <translation>%1[*] – Bitwright</translation>
    </message>
    <message>
        <source>Model moved</source>
        <translation>模型已移动</translation>
    </message>
    <message>
        <source>%1 is not where the session left it, or it has changed.</source>
        <translation>%1 不在会话记录的位置，或已被更改。</translation>
    </message>
    <message>
        <source>&amp;Find it…</source>
        <translation>查找(&amp;F)…</translation>
    </message>
    <message>
        <source>Saved: %1</source>
        <translation>已保存：%1</translation>
    </message>
    <message>
        <source>Bitwright ended without saving the work on %1.</source>
        <translation>Bitwright 结束时未保存对 %1 的工作。</translation>
    </message>
    <message numerus="yes">
        <source>Bitwright ended without saving %n piece(s) of work; the newest is on %1.</source>
        <translation>
            <numerusform>Bitwright 结束时有 %n 项工作未保存；最新的一项是 %1。</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Recover</source>
        <translation>恢复(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation>放弃(&amp;D)</translation>
    </message>
    <message>
        <source>Unsaved session</source>
        <translation>会话未保存</translation>
    </message>
    <message>
        <source>The plan has changes that have not been saved.</source>
        <translation>方案有尚未保存的更改。</translation>
    </message>
    <message>
        <source>The sweep or a snapshot has not been saved.</source>
        <translation>敏感度扫描或快照尚未保存。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln sample(s) of %1</source>
        <translation>
            <numerusform>%Ln 个样本，形状 %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>, %n class(es)</source>
        <translation>
            <numerusform>，%n 个类别</numerusform>
        </translation>
    </message>
    <message>
        <source>%1[*] (%2) – Bitwright</source>
        <translation>%1[*]（%2）– Bitwright</translation>
    </message>
    <message>
        <source>&amp;Go to</source>
        <translation>转到(&amp;G)</translation>
    </message>
    <message>
        <source>Go to %1</source>
        <translation>转到%1</translation>
    </message>
    <message>
        <source>layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Shows this view and gives it the keyboard (%1)</source>
        <translation>显示此视图并把键盘焦点交给它（%1）</translation>
    </message>
    <message>
        <source>Look at %1</source>
        <translation>查看 %1</translation>
    </message>
</context>
<context>
    <name>bitwright::MessageBar</name>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Close message</source>
        <translation>关闭消息</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>bitwright::ModelKindLabel</name>
    <message>
        <source>weights only</source>
        <translation>仅权重</translation>
    </message>
    <message>
        <source>quantized graph</source>
        <translation>量化计算图</translation>
    </message>
    <message>
        <source>float graph</source>
        <translation>浮点计算图</translation>
    </message>
    <message>
        <source>Open a model first.</source>
        <translation>请先打开模型。</translation>
    </message>
    <message>
        <source>This file holds weights but no graph, so there is nothing to run. Open the model itself as TorchScript or ONNX for that.</source>
        <translation>此文件只包含权重而没有计算图，因此无法运行。如需运行，请以 TorchScript 或 ONNX 打开模型本身。</translation>
    </message>
    <message>
        <source>What is open</source>
        <translation>已打开的内容</translation>
    </message>
</context>
<context>
    <name>bitwright::Parser</name>
    <message>
        <source>&quot;%1&quot; is left over; join conditions with and / or.</source>
        <translation>“%1”多余；请用 and / or 连接条件。</translation>
    </message>
    <message>
        <source>A closing parenthesis is missing.</source>
        <translation>缺少右括号。</translation>
    </message>
    <message>
        <source>The rule has too many conditions.</source>
        <translation>规则的条件过多。</translation>
    </message>
    <message>
        <source>A condition is missing, for example: weight SQNR &lt; 20 dB</source>
        <translation>缺少条件，例如：weight SQNR &lt; 20 dB</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not known; use name, op, note, locked, exception, weights or a metric such as weight sqnr, activation mse, bits, size, params, macs.</source>
        <translation>“%1”无法识别；请使用 name、op、note、locked、exception、weights，或 weight sqnr、activation mse、bits、size、params、macs 等指标。</translation>
    </message>
    <message>
        <source>Behind %1 one of = != ~ !~ is expected.</source>
        <translation>%1 之后应为 = != ~ !~ 之一。</translation>
    </message>
    <message>
        <source>Behind %1 one of &lt; &lt;= &gt; &gt;= = != is expected.</source>
        <translation>%1 之后应为 &lt; &lt;= &gt; &gt;= = != 之一。</translation>
    </message>
    <message>
        <source>Texts are compared by = != ~ !~.</source>
        <translation>文本用 = != ~ !~ 比较。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not a regular expression: %2.</source>
        <translation>“%1”不是正则表达式：%2。</translation>
    </message>
    <message>
        <source>Numbers are compared by &lt; &lt;= &gt; &gt;= = !=.</source>
        <translation>数字用 &lt; &lt;= &gt; &gt;= = != 比较。</translation>
    </message>
</context>
<context>
    <name>bitwright::PlanMapView</name>
    <message>
        <source>Layers by metrics</source>
        <translation>各层的指标</translation>
    </message>
    <message>
        <source>Local: every tensor before and after its own quantizer of the plan as it is. Each column has its own colours, from its least to its largest number.</source>
        <translation>局部：按当前方案，每个张量经自身量化器前后的差异。每列有各自的颜色，从最小值到最大值。</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>In its column</source>
        <translation>在其列中</translation>
    </message>
    <message>
        <source>W bits</source>
        <translation>权重位宽</translation>
    </message>
    <message>
        <source>W SQNR</source>
        <translation>权重 SQNR</translation>
    </message>
    <message>
        <source>W max error</source>
        <translation>权重最大误差</translation>
    </message>
    <message>
        <source>W clipped</source>
        <translation>权重截断</translation>
    </message>
    <message>
        <source>W size</source>
        <translation>权重大小</translation>
    </message>
    <message>
        <source>A bits</source>
        <translation>激活位宽</translation>
    </message>
    <message>
        <source>A SQNR</source>
        <translation>激活 SQNR</translation>
    </message>
    <message>
        <source>A clipped</source>
        <translation>激活截断</translation>
    </message>
    <message>
        <source>bit</source>
        <translation>位</translation>
    </message>
    <message>
        <source>dB</source>
        <translation>dB</translation>
    </message>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message>
        <source>kB</source>
        <translation>kB</translation>
    </message>
</context>
<context>
    <name>bitwright::PlotExportDialog</name>
    <message>
        <source>&amp;Export</source>
        <translation>导出(&amp;E)</translation>
    </message>
    <message>
        <source>Export plots</source>
        <translation>导出图表</translation>
    </message>
    <message>
        <source>Plots</source>
        <translation>图表</translation>
    </message>
    <message>
        <source>The numbers behind the plots, with decimal points</source>
        <translation>图表背后的数值，使用小数点</translation>
    </message>
    <message>
        <source>Pixels, twice as fine as the screen</source>
        <translation>像素图，精度为屏幕的两倍</translation>
    </message>
    <message>
        <source>Lines and letters that stay sharp at any size</source>
        <translation>任意大小均清晰的线条和文字</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>&amp;Folder:</source>
        <translation>文件夹(&amp;F)：</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>浏览(&amp;B)…</translation>
    </message>
    <message>
        <source>%1 of %2 written</source>
        <translation>已写入 %1 / %2</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) written to %1.</source>
        <translation>
            <numerusform>已将 %n 个文件写入 %1。</numerusform>
        </translation>
    </message>
    <message>
        <source>Folder for the plots</source>
        <translation>图表的文件夹</translation>
    </message>
    <message>
        <source>An export is running.</source>
        <translation>正在导出。</translation>
    </message>
    <message>
        <source>Choose a plot first.</source>
        <translation>请先选择图表。</translation>
    </message>
    <message>
        <source>Choose a format first.</source>
        <translation>请先选择格式。</translation>
    </message>
    <message>
        <source>Choose a folder first.</source>
        <translation>请先选择文件夹。</translation>
    </message>
</context>
<context>
    <name>bitwright::PlotExporter</name>
    <message>
        <source>The folder %1 cannot be made; choose another one.</source>
        <translation>无法创建文件夹 %1；请选择其他文件夹。</translation>
    </message>
    <message>
        <source>The window was closed.</source>
        <translation>窗口已关闭。</translation>
    </message>
</context>
<context>
    <name>bitwright::PredictionLine</name>
    <message>
        <source>Predicted accuracy</source>
        <translation>预测准确率</translation>
    </message>
    <message>
        <source>Estimate of the output SQNR: %1.</source>
        <translation>输出 SQNR 的估计：%1。</translation>
    </message>
    <message>
        <source>Measured %1 top-1; the estimate was %2 ± %3 %, residual %4 points (%5 the band).</source>
        <translation>测得 Top-1 %1；估计为 %2 ± %3 %，残差 %4 个百分点（在区间%5）。</translation>
    </message>
    <message>
        <source>inside</source>
        <translation>之内</translation>
    </message>
    <message>
        <source>outside</source>
        <translation>之外</translation>
    </message>
    <message>
        <source>Estimate %1 ± %2 % top-1, loss %3 ± %4 nat, output SQNR %5; not measured.</source>
        <translation>估计 Top-1 %1 ± %2 %，损失 %3 ± %4 奈特，输出 SQNR %5；未测量。</translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) have formats that were not swept.</source>
        <translation>
            <numerusform>%n 个张量的格式未经扫描。</numerusform>
        </translation>
    </message>
    <message>
        <source>What every quantized tensor does to the output alone adds up; how accuracy falls with the sum comes from the sensitivity sweep and from the plans evaluated so far. The band holds the measured value in about 9 of 10 cases.</source>
        <translation>每个被量化的张量单独对输出造成的影响相加；准确率随总和下降的关系来自敏感度扫描和迄今评估过的方案。测量值约有九成落在此区间内。</translation>
    </message>
</context>
<context>
    <name>bitwright::PreferencesDialog</name>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Colours of the window; System follows the desktop</source>
        <translation>窗口的颜色；“跟随系统”与桌面一致</translation>
    </message>
    <message>
        <source>Colour map</source>
        <translation>配色</translation>
    </message>
    <message>
        <source>Colours of heat maps and of shaded cells, all fit for colour-blind eyes</source>
        <translation>热图和着色单元格的颜色，均适合色觉障碍者</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Language of the window, from the next start on</source>
        <translation>窗口的语言，下次启动时生效</translation>
    </message>
    <message>
        <source>Calibration samples</source>
        <translation>校准样本数</translation>
    </message>
    <message>
        <source>How many samples the ranges of activations are measured on, at most</source>
        <translation>最多用多少个样本测量激活的范围</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批大小</translation>
    </message>
    <message>
        <source>How many samples run together; larger batches take more memory</source>
        <translation>同时运行的样本数；批越大占用内存越多</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>线程数</translation>
    </message>
    <message>
        <source>Cores that computations use, from the next start on</source>
        <translation>计算使用的核心数，下次启动时生效</translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation>首选项</translation>
    </message>
    <message>
        <source>All cores</source>
        <translation>全部核心</translation>
    </message>
    <message>
        <source>Language and threads take effect when Bitwright is started again.</source>
        <translation>语言和线程数在重新启动 Bitwright 后生效。</translation>
    </message>
    <message>
        <source>System</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Viridis</source>
        <translation>Viridis</translation>
    </message>
    <message>
        <source>Cividis</source>
        <translation>Cividis</translation>
    </message>
    <message>
        <source>Grey</source>
        <translation>灰度</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Looks</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>&amp;Theme:</source>
        <translation>主题(&amp;T)：</translation>
    </message>
    <message>
        <source>&amp;Colour map:</source>
        <translation>配色(&amp;C)：</translation>
    </message>
    <message>
        <source>&amp;Language:</source>
        <translation>语言(&amp;L)：</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Calibration &amp;samples:</source>
        <translation>校准样本数(&amp;S)：</translation>
    </message>
    <message>
        <source>&amp;Batch:</source>
        <translation>批大小(&amp;B)：</translation>
    </message>
    <message>
        <source>T&amp;hreads:</source>
        <translation>线程数(&amp;H)：</translation>
    </message>
</context>
<context>
    <name>bitwright::RangePanel</name>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 σ</source>
        <translation>%1 σ</translation>
    </message>
    <message>
        <source>Range</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>SQNR</source>
        <translation>信噪比（SQNR）</translation>
    </message>
    <message>
        <source>Signal-to-quantization-noise ratio; in brackets against the plan</source>
        <translation>信号与量化噪声之比；括号内为与方案相比</translation>
    </message>
    <message>
        <source>Clipped</source>
        <translation>被截断</translation>
    </message>
    <message>
        <source>Share of the values that lie outside the range</source>
        <translation>范围之外的数值所占的比例</translation>
    </message>
    <message>
        <source>Rounding MSE</source>
        <translation>舍入 MSE</translation>
    </message>
    <message>
        <source>Mean squared error of the values inside the range</source>
        <translation>范围之内数值的均方误差</translation>
    </message>
    <message>
        <source>Clipping MSE</source>
        <translation>截断 MSE</translation>
    </message>
    <message>
        <source>Mean squared error of the values outside the range</source>
        <translation>范围之外数值的均方误差</translation>
    </message>
    <message>
        <source>Lower end</source>
        <translation>下端</translation>
    </message>
    <message>
        <source>Upper end</source>
        <translation>上端</translation>
    </message>
    <message>
        <source>Type the exact value and press Enter: the range is set by hand</source>
        <translation>输入精确值并按回车：手动设置范围</translation>
    </message>
    <message>
        <source>Estimator</source>
        <translation>估计方法</translation>
    </message>
    <message>
        <source>How the range is found from the statistics</source>
        <translation>如何根据统计确定范围</translation>
    </message>
    <message>
        <source>Parameter</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>The estimator&apos;s parameter: the range follows as you move it</source>
        <translation>估计方法的参数：拖动时范围随之变化</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>样本数</translation>
    </message>
    <message>
        <source>The range that a smaller calibration set would have given</source>
        <translation>较小的校准集会得到的范围</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Put this range into the plan (can be undone)</source>
        <translation>将此范围写入方案（可撤销）</translation>
    </message>
    <message>
        <source>Revert</source>
        <translation>还原</translation>
    </message>
    <message>
        <source>Back to the plan&apos;s range</source>
        <translation>恢复方案的范围</translation>
    </message>
    <message>
        <source>%1 (%2%3)</source>
        <translation>%1（%2%3）</translation>
    </message>
</context>
<context>
    <name>bitwright::RecentFiles</name>
    <message>
        <source>%1 does not exist any more.</source>
        <translation>%1 已不存在。</translation>
    </message>
</context>
<context>
    <name>bitwright::RepairGroup</name>
    <message>
        <source>Without training, in seconds</source>
        <translation>无需训练，数秒完成</translation>
    </message>
    <message>
        <source>E&amp;qualize</source>
        <translation>均衡化(&amp;Q)</translation>
    </message>
    <message>
        <source>Give the channels that neighbouring layers share equal ranges in both weights; the float model stays the same. Helps most where a whole tensor has one scale.</source>
        <translation>让相邻层共用的通道在两个权重中具有相同的范围；浮点模型不变。整个张量共用一个缩放因子时帮助最大。</translation>
    </message>
    <message>
        <source>Re-estimate &amp;norms</source>
        <translation>重新估计归一化(&amp;N)</translation>
    </message>
    <message>
        <source>Give every channel the mean and deviation that it has in the float model, as re-estimated batch-norm would.</source>
        <translation>让每个通道的均值和标准差与浮点模型一致，如同重新估计批归一化。</translation>
    </message>
    <message>
        <source>Correct &amp;biases</source>
        <translation>校正偏置(&amp;B)</translation>
    </message>
    <message>
        <source>Take the mean error of every channel out of the bias, layer after layer.</source>
        <translation>逐层从偏置中去除每个通道的平均误差。</translation>
    </message>
    <message>
        <source>8-bit &amp;ends</source>
        <translation>首末层 8 位(&amp;E)</translation>
    </message>
</context>
<context>
    <name>bitwright::RuleBar</name>
    <message>
        <source>Select</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Rule that selects layers</source>
        <translation>选择层的规则</translation>
    </message>
    <message>
        <source>weight SQNR &lt; 20 dB and op = conv2d</source>
        <translation>weight SQNR &lt; 20 dB and op = conv2d</translation>
    </message>
    <message>
        <source>Numbers: weight sqnr, activation mse, weight clipped, bits, size, params, macs … with &lt; &lt;= &gt; &gt;= = !=
Texts: name, op, note with = != and ~ (regular expression)
Flags: locked, exception, weights
Joined by and, or, not and parentheses</source>
        <translation>数字：weight sqnr、activation mse、weight clipped、bits、size、params、macs … 用 &lt; &lt;= &gt; &gt;= = !=
文本：name、op、note 用 = != 和 ~（正则表达式）
标志：locked、exception、weights
用 and、or、not 和括号连接</translation>
    </message>
    <message>
        <source>Matches of the rule</source>
        <translation>规则的匹配数</translation>
    </message>
    <message>
        <source>Select the layers that the rule matches (Enter)</source>
        <translation>选择规则匹配的层（回车）</translation>
    </message>
    <message>
        <source>Close the rule</source>
        <translation>关闭规则</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭 (Esc)</translation>
    </message>
    <message>
        <source>Select &amp;where</source>
        <translation>选择条件(&amp;W)</translation>
    </message>
    <message numerus="yes">
        <source>%n match(es)</source>
        <translation>
            <numerusform>%n 个匹配</numerusform>
        </translation>
    </message>
    <message>
        <source>not complete</source>
        <translation>不完整</translation>
    </message>
</context>
<context>
    <name>bitwright::SensitivityView</name>
    <message>
        <source>weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>output activation</source>
        <translation>输出激活</translation>
    </message>
    <message>
        <source>Sensitivity of layers by bit-width</source>
        <translation>各层在各位宽下的敏感度</translation>
    </message>
    <message>
        <source>Definition of the error shown</source>
        <translation>所示误差的定义</translation>
    </message>
    <message>
        <source>Enable one</source>
        <translation>仅启用单层</translation>
    </message>
    <message>
        <source>Disable one</source>
        <translation>仅停用单层</translation>
    </message>
    <message>
        <source>Local</source>
        <translation>局部</translation>
    </message>
    <message>
        <source>Cumulative</source>
        <translation>累积</translation>
    </message>
    <message>
        <source>Kind of error</source>
        <translation>误差的类型</translation>
    </message>
    <message>
        <source>Which model the error is measured in</source>
        <translation>误差在哪个模型中测量</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Activations</source>
        <translation>激活</translation>
    </message>
    <message>
        <source>Tensors</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>Which tensors are swept</source>
        <translation>扫描哪些张量</translation>
    </message>
    <message>
        <source>Output SQNR</source>
        <translation>输出信噪比</translation>
    </message>
    <message>
        <source>KL divergence</source>
        <translation>KL 散度</translation>
    </message>
    <message>
        <source>Top-1 change</source>
        <translation>Top-1 变化</translation>
    </message>
    <message>
        <source>Loss change</source>
        <translation>损失变化</translation>
    </message>
    <message>
        <source>Metric</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>What the cells show</source>
        <translation>单元格显示的内容</translation>
    </message>
    <message>
        <source> samples</source>
        <translation> 个样本</translation>
    </message>
    <message>
        <source>Samples of the sweep</source>
        <translation>扫描的样本数</translation>
    </message>
    <message>
        <source>How many samples of the open data every cell is measured on</source>
        <translation>每个单元格在已打开数据的多少个样本上测量</translation>
    </message>
    <message>
        <source>Enable one: everything in float, only this tensor quantized; error at the model&apos;s output.</source>
        <translation>仅启用单层：全部为浮点，只量化此张量；误差在模型输出处。</translation>
    </message>
    <message>
        <source>Disable one: the whole plan with all these tensors at these bits, only this one in float; error at the model&apos;s output, changes against the plan without the exception.</source>
        <translation>仅停用单层：整个方案中这类张量均为此位宽，仅此张量为浮点；误差在模型输出处，变化相对于没有例外的方案。</translation>
    </message>
    <message>
        <source>Cumulative: the whole plan with all these tensors at these bits; error at this layer&apos;s output.</source>
        <translation>累积：整个方案中这类张量均为此位宽；误差在该层输出处。</translation>
    </message>
    <message>
        <source>Local: everything in float, only this tensor quantized; error at this layer&apos;s own output.</source>
        <translation>局部：全部为浮点，只量化此张量；误差在该层自身输出处。</translation>
    </message>
    <message numerus="yes">
        <source>%n bit(s)</source>
        <translation>
            <numerusform>%n 位</numerusform>
        </translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>SQNR</source>
        <translation>信噪比（SQNR）</translation>
    </message>
    <message>
        <source>dB</source>
        <translation>dB</translation>
    </message>
    <message>
        <source>nat</source>
        <translation>奈特</translation>
    </message>
    <message>
        <source>points</source>
        <translation>百分点</translation>
    </message>
    <message>
        <source>Errors inside the model are measured as SQNR only.</source>
        <translation>模型内部的误差仅以 SQNR 衡量。</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Sweep</source>
        <translation>扫描</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pause the sweep; what is measured stays</source>
        <translation>暂停扫描；已测量的结果保留</translation>
    </message>
    <message>
        <source>Measure the cells that are missing</source>
        <translation>测量缺少的单元格</translation>
    </message>
    <message>
        <source>Partial, or the plan has changed since: Go on measures what is missing.</source>
        <translation>部分结果，或此后方案已更改：“继续”将测量缺少的部分。</translation>
    </message>
    <message>
        <source>not measured yet</source>
        <translation>尚未测量</translation>
    </message>
    <message numerus="yes">
        <source>the plan has %n bit(s)</source>
        <translation>
            <numerusform>方案为 %n 位</numerusform>
        </translation>
    </message>
    <message>
        <source>float in the plan</source>
        <translation>方案中为浮点</translation>
    </message>
    <message>
        <source>%1, %2 at %3: %4 %5 (%6)</source>
        <translation>%1，%2，%3：%4 %5（%6）</translation>
    </message>
    <message>
        <source>Set %1 of %2 to %3</source>
        <translation>将 %1 的%2设为 %3</translation>
    </message>
    <message numerus="yes">
        <source>Measured on %Ln sample(s).</source>
        <translation>
            <numerusform>在 %Ln 个样本上测得。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitwright::SessionKeeper</name>
    <message>
        <source>Open %1</source>
        <translation>打开 %1</translation>
    </message>
    <message>
        <source>Save %1</source>
        <translation>保存 %1</translation>
    </message>
    <message>
        <source>Save session</source>
        <translation>保存会话</translation>
    </message>
</context>
<context>
    <name>bitwright::ShortcutDialog</name>
    <message>
        <source>&amp;Assign</source>
        <translation>指定(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;No key</source>
        <translation>无快捷键(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Default</source>
        <translation>默认(&amp;D)</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Type the name of an action</source>
        <translation>输入操作的名称</translation>
    </message>
    <message>
        <source>Name of an action</source>
        <translation>操作名称</translation>
    </message>
    <message>
        <source>New keys</source>
        <translation>新快捷键</translation>
    </message>
    <message>
        <source>Give these keys to the selected action</source>
        <translation>将这些键指定给所选操作</translation>
    </message>
    <message>
        <source>Take the keys of the selected action away</source>
        <translation>移除所选操作的快捷键</translation>
    </message>
    <message>
        <source>Give the selected action the keys it had at first</source>
        <translation>恢复所选操作最初的快捷键</translation>
    </message>
    <message>
        <source>New &amp;keys:</source>
        <translation>新快捷键(&amp;K)：</translation>
    </message>
    <message>
        <source>All to de&amp;faults</source>
        <translation>全部恢复默认(&amp;F)</translation>
    </message>
    <message>
        <source>Actions</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>“%1”</source>
        <translation>“%1”</translation>
    </message>
    <message>
        <source>⚠ %1 already belongs to %2; Assign takes it away there.</source>
        <translation>⚠ %1 已属于%2；“指定”会将其从那里移除。</translation>
    </message>
</context>
<context>
    <name>bitwright::SpecEditor</name>
    <message>
        <source>Bits of the weights</source>
        <translation>权重的位宽</translation>
    </message>
    <message>
        <source>Scheme of the weights</source>
        <translation>权重的方案</translation>
    </message>
    <message>
        <source>Granularity of the weights</source>
        <translation>权重的粒度</translation>
    </message>
    <message>
        <source>Range of the weights</source>
        <translation>权重的范围</translation>
    </message>
    <message>
        <source>Bits of the activations</source>
        <translation>激活的位宽</translation>
    </message>
    <message>
        <source>Scheme of the activations</source>
        <translation>激活的方案</translation>
    </message>
    <message>
        <source>Range of the activations</source>
        <translation>激活的范围</translation>
    </message>
    <message>
        <source>keep</source>
        <translation>保持</translation>
    </message>
</context>
<context>
    <name>bitwright::StaircasePlot</name>
    <message>
        <source>Unchanged</source>
        <translation>未更改</translation>
    </message>
    <message>
        <source>Quantizer</source>
        <translation>量化器</translation>
    </message>
    <message>
        <source>Float value</source>
        <translation>浮点值</translation>
    </message>
    <message>
        <source>Quantized value</source>
        <translation>量化值</translation>
    </message>
    <message>
        <source>Staircase of the quantizer</source>
        <translation>量化器的阶梯图</translation>
    </message>
    <message>
        <source>Quantized against float values</source>
        <translation>量化值与浮点值的对应</translation>
    </message>
    <message>
        <source>Wheel: zoom. Drag: move. Double-click: show everything.</source>
        <translation>滚轮：缩放。拖动：移动。双击：显示全部。</translation>
    </message>
    <message>
        <source>%1 of the values</source>
        <translation>%1 的数值</translation>
    </message>
</context>
<context>
    <name>bitwright::StartPage</name>
    <message>
        <source>Bitwright</source>
        <translation>Bitwright</translation>
    </message>
    <message>
        <source>See what quantization does to every layer, and decide its precision.</source>
        <translation>查看量化对每一层的影响，并确定其精度。</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Start page</source>
        <translation>起始页</translation>
    </message>
    <message>
        <source>Or drop a model, data, a plan or a session anywhere on this window.</source>
        <translation>或将模型、数据、方案或会话拖放到此窗口的任意位置。</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>最近</translation>
    </message>
    <message>
        <source>Sample models</source>
        <translation>示例模型</translation>
    </message>
    <message>
        <source>Opens %1 with its data</source>
        <translation>打开 %1 及其数据</translation>
    </message>
    <message>
        <source>The sample models are not installed.</source>
        <translation>未安装示例模型。</translation>
    </message>
    <message>
        <source>What to do first</source>
        <translation>从何开始</translation>
    </message>
    <message>
        <source>1.  Open a model: the layer table shows the error of its weights at 8 bits at once.</source>
        <translation>1.  打开模型：层表立即显示其权重在 8 位时的误差。</translation>
    </message>
    <message>
        <source>2.  Open data: calibration measures the activations, and their errors appear.</source>
        <translation>2.  打开数据：校准会测量激活，随后显示其误差。</translation>
    </message>
    <message>
        <source>3.  The worst layer is selected. Press 1 to 8 to set its bits and watch every number follow.</source>
        <translation>3.  最差的层已被选中。按 1 至 8 设置其位宽，所有数值随之变化。</translation>
    </message>
    <message>
        <source>4.  Press F5 to measure the accuracy, Ctrl+Z to take a step back, Ctrl+E to export.</source>
        <translation>4.  按 F5 测量准确率，按 Ctrl+Z 后退一步，按 Ctrl+E 导出。</translation>
    </message>
    <message>
        <source>Ctrl+K finds any action by its name.</source>
        <translation>按 Ctrl+K 可按名称查找任何操作。</translation>
    </message>
    <message>
        <source>%1 does not exist any more.</source>
        <translation>%1 已不存在。</translation>
    </message>
    <message>
        <source>Nothing yet.</source>
        <translation>暂无。</translation>
    </message>
</context>
<context>
    <name>bitwright::StatusProgress</name>
    <message>
        <source>Progress of the running job</source>
        <translation>正在运行的任务的进度</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cancel running job</source>
        <translation>取消正在运行的任务</translation>
    </message>
    <message>
        <source>Cancel the running job (%1)</source>
        <translation>取消正在运行的任务（%1）</translation>
    </message>
</context>
<context>
    <name>bitwright::Sweep</name>
    <message>
        <source>Open data first: the sweep runs the model on samples.</source>
        <translation>请先打开数据：扫描需要在样本上运行模型。</translation>
    </message>
    <message>
        <source>Calibrate first: the sweep needs the ranges of the activations.</source>
        <translation>请先校准：扫描需要激活的范围。</translation>
    </message>
    <message>
        <source>Sensitivity sweep</source>
        <translation>敏感度扫描</translation>
    </message>
</context>
<context>
    <name>bitwright::ThresholdHandle</name>
    <message>
        <source>%1: drag, or move it with the arrow keys (Shift: faster, Ctrl: finer). Esc cancels a drag.</source>
        <translation>%1：拖动，或用方向键移动（Shift：更快，Ctrl：更细）。Esc 取消拖动。</translation>
    </message>
</context>
<context>
    <name>bitwright::ThresholdHandles</name>
    <message>
        <source>Lower clipping threshold</source>
        <translation>截断下限</translation>
    </message>
    <message>
        <source>Upper clipping threshold</source>
        <translation>截断上限</translation>
    </message>
</context>
<context>
    <name>bitwright::TradeoffPlot</name>
    <message>
        <source>Size against accuracy</source>
        <translation>大小与准确率</translation>
    </message>
    <message>
        <source>Beaten by another</source>
        <translation>劣于另一配置</translation>
    </message>
    <message>
        <source>Best for its size</source>
        <translation>同等大小中最佳</translation>
    </message>
    <message>
        <source>Estimate of the plan as it is</source>
        <translation>当前方案的估计</translation>
    </message>
    <message>
        <source>Selected</source>
        <translation>所选</translation>
    </message>
    <message>
        <source>Size (kB)</source>
        <translation>大小（kB）</translation>
    </message>
    <message>
        <source>Undo history</source>
        <translation>撤销历史</translation>
    </message>
    <message>
        <source>Each evaluation becomes a point here: the size of the plan and its accuracy.</source>
        <translation>每次评估都会成为这里的一个点：方案的大小与准确率。</translation>
    </message>
</context>
<context>
    <name>bitwright::Training</name>
    <message>
        <source>Open data first: training needs samples; labels are optional.</source>
        <translation>请先打开数据：训练需要样本，标签可有可无。</translation>
    </message>
    <message>
        <source>Models of this format cannot be trained.</source>
        <translation>此格式的模型无法训练。</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Train (%1)</source>
        <translation>训练（%1）</translation>
    </message>
    <message>
        <source>Repair</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>Repair (%1)</source>
        <translation>修复（%1）</translation>
    </message>
</context>
<context>
    <name>bitwright::TrainingOptions</name>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>How gradients pass the quantizers and what is learned of them</source>
        <translation>梯度如何通过量化器，以及学习量化器的哪些参数</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>轮数</translation>
    </message>
    <message>
        <source>Passes over the training samples</source>
        <translation>遍历训练样本的次数</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批大小</translation>
    </message>
    <message>
        <source>Samples in one step</source>
        <translation>每一步的样本数</translation>
    </message>
    <message>
        <source>Steps per epoch</source>
        <translation>每轮步数</translation>
    </message>
    <message>
        <source>0 = all training samples</source>
        <translation>0 表示全部训练样本</translation>
    </message>
    <message>
        <source>Optimizer</source>
        <translation>优化器</translation>
    </message>
    <message>
        <source>Of weights, biases and batch-norm; scales always use Adam</source>
        <translation>用于权重、偏置和批归一化；缩放因子总用 Adam</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Of weights and biases, at its highest</source>
        <translation>权重和偏置的最高学习率</translation>
    </message>
    <message>
        <source>Rate of scales</source>
        <translation>缩放因子学习率</translation>
    </message>
    <message>
        <source>Of learned ranges, relative to their first value</source>
        <translation>所学范围的学习率，相对于其初值</translation>
    </message>
    <message>
        <source>Schedule</source>
        <translation>学习率策略</translation>
    </message>
    <message>
        <source>How the learning rate changes over the run</source>
        <translation>学习率在训练过程中如何变化</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>预热</translation>
    </message>
    <message>
        <source>Share of the steps in which the rate rises from 0</source>
        <translation>学习率从 0 上升的步数占比</translation>
    </message>
    <message>
        <source>Momentum</source>
        <translation>动量</translation>
    </message>
    <message>
        <source>Of SGD</source>
        <translation>用于 SGD</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>权重衰减</translation>
    </message>
    <message>
        <source>Of weights only</source>
        <translation>仅用于权重</translation>
    </message>
    <message>
        <source>Gradient limit</source>
        <translation>梯度上限</translation>
    </message>
    <message>
        <source>Largest norm of all gradients; 0 = no limit</source>
        <translation>所有梯度的最大范数；0 表示不限制</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Against the labels; none = distillation alone, without labels</source>
        <translation>相对于标签；none 表示只蒸馏，不用标签</translation>
    </message>
    <message>
        <source>Label smoothing</source>
        <translation>标签平滑</translation>
    </message>
    <message>
        <source>Share of the label given to all classes</source>
        <translation>分给所有类别的标签比例</translation>
    </message>
    <message>
        <source>Distillation</source>
        <translation>蒸馏</translation>
    </message>
    <message>
        <source>Weight of the float model as the teacher; 0 = off</source>
        <translation>以浮点模型为教师的权重；0 表示关闭</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>Softens teacher and student alike</source>
        <translation>同时软化教师和学生的输出</translation>
    </message>
    <message>
        <source>Batch-norm and data</source>
        <translation>批归一化与数据</translation>
    </message>
    <message>
        <source>Batch-norm</source>
        <translation>批归一化</translation>
    </message>
    <message>
        <source>Trained on batch statistics, on stored statistics, or folded into the weights</source>
        <translation>用批统计训练、用已存统计训练，或折叠进权重</translation>
    </message>
    <message>
        <source>Freeze after</source>
        <translation>冻结时机</translation>
    </message>
    <message>
        <source>Epochs after which stored statistics are used; 0 = never</source>
        <translation>从此轮起使用已存统计；0 表示从不</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>Mirror half of the images</source>
        <translation>将一半图像左右翻转</translation>
    </message>
    <message>
        <source>Crop padding</source>
        <translation>裁剪填充</translation>
    </message>
    <message>
        <source>Pixels around the image before a random crop; 0 = none</source>
        <translation>随机裁剪前在图像四周填充的像素；0 表示不填充</translation>
    </message>
    <message>
        <source>Patience</source>
        <translation>耐心</translation>
    </message>
    <message>
        <source>Epochs without improvement before it stops; 0 = never</source>
        <translation>多少轮没有改善就停止；0 表示从不</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>The same seed gives the same bits</source>
        <translation>相同的种子得到逐位相同的结果</translation>
    </message>
    <message>
        <source>Pruning</source>
        <translation>剪枝</translation>
    </message>
    <message>
        <source>Weights that become and stay exactly 0 while the others are trained</source>
        <translation>在训练其余权重时变为并保持为 0 的权重</translation>
    </message>
    <message>
        <source>Gradually</source>
        <translation>逐步</translation>
    </message>
    <message>
        <source>The share rises over the first three quarters of the training</source>
        <translation>比例在训练的前四分之三内逐步上升</translation>
    </message>
    <message>
        <source>Share to prune</source>
        <translation>剪枝比例</translation>
    </message>
    <message>
        <source>Of every layer&apos;s weights, or of its channels</source>
        <translation>占每层权重或其通道的比例</translation>
    </message>
</context>
<context>
    <name>bitwright::TrainingPage</name>
    <message>
        <source>Quantization-aware training</source>
        <translation>量化感知训练</translation>
    </message>
    <message>
        <source>Open a model and data: the weights are then trained under the plan, so that they fit its precision.</source>
        <translation>打开模型和数据后，即可在方案之下训练权重，使其适应方案的精度。</translation>
    </message>
    <message>
        <source>&amp;Train</source>
        <translation>训练(&amp;T)</translation>
    </message>
    <message>
        <source>Train the weights under the plan, in the background</source>
        <translation>在后台按方案训练权重</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Wait after the running step</source>
        <translation>当前步完成后等待</translation>
    </message>
    <message>
        <source>Stop and keep the best</source>
        <translation>停止并保留最佳</translation>
    </message>
    <message>
        <source>End after the running step; the best epoch so far is the result</source>
        <translation>当前步完成后结束；以目前最佳的一轮为结果</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Give the run up; the model stays as it is</source>
        <translation>放弃此次训练；模型保持不变</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>File of the tuned model</source>
        <translation>微调后模型的文件</translation>
    </message>
    <message>
        <source>Where the tuned model goes; its plan goes beside it</source>
        <translation>微调后模型的保存位置；其方案保存在旁边</translation>
    </message>
    <message>
        <source>Choose the file</source>
        <translation>选择文件</translation>
    </message>
    <message>
        <source>Write to</source>
        <translation>写入</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>Scales</source>
        <translation>缩放因子</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Course of the training</source>
        <translation>训练过程</translation>
    </message>
    <message>
        <source>State of the training</source>
        <translation>训练状态</translation>
    </message>
    <message>
        <source>Memory of the training</source>
        <translation>训练所需内存</translation>
    </message>
    <message>
        <source>Training takes about %1 of memory beside the model.</source>
        <translation>除模型外，训练约需 %1 内存。</translation>
    </message>
    <message>
        <source>TorchScript (*.pt)</source>
        <translation>TorchScript (*.pt)</translation>
    </message>
    <message>
        <source>Say where the tuned model goes.</source>
        <translation>请指定微调后模型的保存位置。</translation>
    </message>
    <message>
        <source>It is running.</source>
        <translation>正在运行。</translation>
    </message>
    <message>
        <source>Nothing is being trained.</source>
        <translation>当前没有训练。</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>No epoch was better than the start; the model stays as it is.</source>
        <translation>没有任何一轮优于起点；模型保持不变。</translation>
    </message>
    <message>
        <source>Best epoch %1, %2.</source>
        <translation>最佳为第 %1 轮，用时 %2。</translation>
    </message>
    <message>
        <source>Top-1 %1 → %2 (float %3).</source>
        <translation>Top-1 %1 → %2（浮点 %3）。</translation>
    </message>
    <message>
        <source>Output SQNR %1 → %2.</source>
        <translation>输出 SQNR %1 → %2。</translation>
    </message>
    <message>
        <source>Epoch %1 of %2, step %3 of %4, loss %5</source>
        <translation>第 %1/%2 轮，第 %3/%4 步，损失 %5</translation>
    </message>
    <message>
        <source>, top-1 %1</source>
        <translation>，Top-1 %1</translation>
    </message>
    <message>
        <source> – paused</source>
        <translation>，已暂停</translation>
    </message>
    <message>
        <source>, %1 left</source>
        <translation>，剩余 %1</translation>
    </message>
    <message>
        <source>Train shows the loss here, and the result as a new configuration.</source>
        <translation>开始训练后，这里显示损失，结果成为一个新配置。</translation>
    </message>
    <message>
        <source>Top-1 %1 → %2.</source>
        <translation>Top-1 %1 → %2。</translation>
    </message>
    <message>
        <source>Measuring the model…</source>
        <translation>正在测量模型…</translation>
    </message>
    <message>
        <source>No training yet</source>
        <translation>尚未训练</translation>
    </message>
    <message>
        <source>A repair cannot be paused, only cancelled.</source>
        <translation>修复不能暂停，只能取消。</translation>
    </message>
</context>
<context>
    <name>bitwright::TrainingPlot</name>
    <message>
        <source>Training, each step</source>
        <translation>训练，每步</translation>
    </message>
    <message>
        <source>Training, epoch</source>
        <translation>训练，每轮</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>Before training</source>
        <translation>训练前</translation>
    </message>
    <message>
        <source>Top-1 (%)</source>
        <translation>Top-1（%）</translation>
    </message>
    <message>
        <source>weight of %1</source>
        <translation>%1 的权重</translation>
    </message>
    <message>
        <source>output of %1</source>
        <translation>%1 的输出</translation>
    </message>
    <message>
        <source>Scale / scale before training</source>
        <translation>缩放因子 / 训练前缩放因子</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Course of the training</source>
        <translation>训练过程</translation>
    </message>
    <message>
        <source>Epoch</source>
        <translation>轮</translation>
    </message>
</context>
<context>
    <name>bitwright::WeightErrorView</name>
    <message>
        <source>Error of the weight</source>
        <translation>权重的误差</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>误差</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>What the map shows</source>
        <translation>图中显示的内容</translation>
    </message>
    <message>
        <source>Error of every pair of channels, or of every element</source>
        <translation>每对通道或每个元素的误差</translation>
    </message>
    <message>
        <source>Weight tensor</source>
        <translation>权重张量</translation>
    </message>
    <message>
        <source>Slice of the kernel</source>
        <translation>卷积核切片</translation>
    </message>
    <message>
        <source>Position of the kernel that is shown</source>
        <translation>所示的卷积核位置</translation>
    </message>
    <message>
        <source>All positions</source>
        <translation>所有位置</translation>
    </message>
    <message>
        <source>Position %1</source>
        <translation>位置 %1</translation>
    </message>
    <message>
        <source>Select a layer with weights.</source>
        <translation>请选择有权重的层。</translation>
    </message>
    <message>
        <source>%1 has no weights.</source>
        <translation>%1 没有权重。</translation>
    </message>
    <message>
        <source>Error of %1</source>
        <translation>%1 的误差</translation>
    </message>
    <message>
        <source>%1: %2 × %3 channels, %4</source>
        <translation>%1：%2 × %3 个通道，%4</translation>
    </message>
    <message>
        <source>Output channel %1, input channel %2: RMS error %3</source>
        <translation>输出通道 %1，输入通道 %2：RMS 误差 %3</translation>
    </message>
    <message>
        <source>[%1, %2%3]</source>
        <translation>[%1, %2%3]</translation>
    </message>
    <message>
        <source>%1 float %2, quantized %3, code %4, error %5</source>
        <translation>%1 浮点 %2，量化 %3，编码 %4，误差 %5</translation>
    </message>
</context>
<context>
    <name>bitwright::WhyPage</name>
    <message>
        <source>Causes of the error</source>
        <translation>误差的原因</translation>
    </message>
    <message>
        <source>No layer is selected</source>
        <translation>未选择层</translation>
    </message>
    <message>
        <source>No model is open</source>
        <translation>未打开模型</translation>
    </message>
    <message>
        <source>Select a layer to read why quantization hurts it, and what would help.</source>
        <translation>选择一层，查看量化为何影响它以及如何改善。</translation>
    </message>
    <message>
        <source>Nothing is known about %1</source>
        <translation>对 %1 一无所知</translation>
    </message>
    <message>
        <source>It has no weights; open data and calibrate to diagnose its output.</source>
        <translation>它没有权重；打开数据并校准后可诊断其输出。</translation>
    </message>
    <message>
        <source>Diagnosis of %1</source>
        <translation>%1 的诊断</translation>
    </message>
    <message>
        <source>Weights of %1</source>
        <translation>%1 的权重</translation>
    </message>
    <message>
        <source>Output of %1</source>
        <translation>%1 的输出</translation>
    </message>
    <message>
        <source>%1: kept in float</source>
        <translation>%1：保持浮点</translation>
    </message>
    <message>
        <source>%1: %2, %3</source>
        <translation>%1：%2，%3</translation>
    </message>
    <message>
        <source>Nothing stands out: the range fits the values and the levels are used.</source>
        <translation>没有突出的问题：范围与数值相符，量化级得到充分利用。</translation>
    </message>
    <message>
        <source>takes %1</source>
        <translation>占用 %1</translation>
    </message>
    <message>
        <source>%1. %2</source>
        <translation>%1。%2</translation>
    </message>
    <message>
        <source>%1. %2 – %3</source>
        <translation>%1。%2 – %3</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Changes the plan of this layer (can be undone). Predicted by quantizing its weights that way.</source>
        <translation>更改此层的方案（可撤销）。预测值由按此方式量化其权重得出。</translation>
    </message>
    <message>
        <source>Changes the plan of this layer (can be undone). Expected from the calibration statistics.</source>
        <translation>更改此层的方案（可撤销）。预期值来自校准统计。</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>%1 %2: %3</source>
        <translation>%1 %2：%3</translation>
    </message>
    <message>
        <source>Note it at the layer</source>
        <translation>记入该层备注</translation>
    </message>
    <message>
        <source>Writes the channels into the layer&apos;s note, which the plan, the table and the report keep (can be undone)</source>
        <translation>把这些通道写入该层备注，方案、表格和报告都会保留（可撤销）</translation>
    </message>
    <message>
        <source>Train without %1 of the channels…</source>
        <translation>去掉 %1 的通道后训练…</translation>
    </message>
    <message>
        <source>Puts the removal of channels into the training options; the weakest ones, which are the dead ones, leave the model, and the result is one undo step</source>
        <translation>在训练选项中设置移除通道；最弱的通道（即失效通道）将从模型中移除，结果是一个撤销步骤</translation>
    </message>
    <message>
        <source>%1: note dead channels</source>
        <translation>%1：记录失效通道</translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>Workbench for neural-network quantization.</source>
        <translation>神经网络量化工作台。</translation>
    </message>
    <message>
        <source>Model or session to open.</source>
        <translation>要打开的模型或会话。</translation>
    </message>
    <message>
        <source>Data to calibrate and evaluate with.</source>
        <translation>用于校准和评估的数据。</translation>
    </message>
    <message>
        <source>Plan file to apply.</source>
        <translation>要应用的方案文件。</translation>
    </message>
    <message>
        <source>Render every page to PNG files and quit.</source>
        <translation>将每个页面渲染为 PNG 文件并退出。</translation>
    </message>
    <message>
        <source>Language of the window: en, zh_CN.</source>
        <translation>窗口的语言：en、zh_CN。</translation>
    </message>
    <message>
        <source>Open a window of its own although one is open.</source>
        <translation>即使已有窗口打开，也另开一个窗口。</translation>
    </message>
</context>
</TS>

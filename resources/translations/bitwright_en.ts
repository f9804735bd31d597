<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>bitwright::Actions</name>
    <message numerus="yes">
        <source>Weights to &amp;%n bit(s)</source>
        <translation>
            <numerusform>Weights to &amp;%n bit</numerusform>
            <numerusform>Weights to &amp;%n bits</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Set the weights of the selected layers to %n bit(s)</source>
        <translation>
            <numerusform>Set the weights of the selected layers to %n bit</numerusform>
            <numerusform>Set the weights of the selected layers to %n bits</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitwright::BudgetView</name>
    <message numerus="yes">
        <source>%n layer(s) would change.</source>
        <translation>
            <numerusform>%n layer would change.</numerusform>
            <numerusform>%n layers would change.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitwright::BulkEditDialog</name>
    <message numerus="yes">
        <source>Edit %n layer(s)</source>
        <translation>
            <numerusform>Edit %n layer</numerusform>
            <numerusform>Edit %n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n locked layer(s) will stay as they are.</source>
        <translation>
            <numerusform>%n locked layer will stay as it is.</numerusform>
            <numerusform>%n locked layers will stay as they are.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitwright::Controller</name>
    <message numerus="yes">
        <source>The plan names %n layer(s) that this model does not have (%1).</source>
        <translation>
            <numerusform>The plan names a layer that this model does not have (%1).</numerusform>
            <numerusform>The plan names %n layers that this model does not have (%1, …).</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitwright::EvaluationPage</name>
    <message numerus="yes">
        <source>%Ln sample(s)</source>
        <translation>
            <numerusform>%Ln sample</numerusform>
            <numerusform>%Ln samples</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitwright::ExportDialog</name>
    <message numerus="yes">
        <source>Loaded again and compared with the simulation on %n sample(s): largest difference %1, SQNR %2</source>
        <translation>
            <numerusform>Loaded again and compared with the simulation on %n sample: largest difference %1, SQNR %2</numerusform>
            <numerusform>Loaded again and compared with the simulation on %n samples: largest difference %1, SQNR %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitwright::FlipView</name>
    <message numerus="yes">
        <source>%1 of %Ln changed sample(s), surest of the float model first</source>
        <translation>
            <numerusform>%1 of %Ln changed sample</numerusform>
            <numerusform>%1 of %Ln changed samples, surest of the float model first</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitwright::GraphPage</name>
    <message numerus="yes">
        <source>Laying out %n box(es)…</source>
        <translation>
            <numerusform>Laying out %n box…</numerusform>
            <numerusform>Laying out %n boxes…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1: %n layer(s); double-click or Enter opens it</source>
        <translation>
            <numerusform>%1: %n layer; double-click or Enter opens it</numerusform>
            <numerusform>%1: %n layers; double-click or Enter opens it</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n match(es)</source>
        <translation>
            <numerusform>%n match</numerusform>
            <numerusform>%n matches</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitwright::HistogramPage</name>
    <message numerus="yes">
        <source>%1 for the whole tensor instead of %n scale(s)</source>
        <translation>
            <numerusform>%1 for the whole tensor instead of %n scale</numerusform>
            <numerusform>%1 for the whole tensor instead of %n scales</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1: range of %n sample(s)</source>
        <translation>
            <numerusform>%1: range of %n sample</numerusform>
            <numerusform>%1: range of %n samples</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitwright::LayerModel</name>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n locked layer(s) stayed as they are; unlock them to change them.</source>
        <translation>
            <numerusform>%n locked layer stayed as it is; unlock it to change it.</numerusform>
            <numerusform>%n locked layers stayed as they are; unlock them to change them.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitwright::LayerPage</name>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Note to %n layer(s)</source>
        <translation>
            <numerusform>Note to %n layer</numerusform>
            <numerusform>Note to %n layers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitwright::MainWindow</name>
    <message numerus="yes">
        <source>Bitwright ended without saving %n piece(s) of work; the newest is on %1.</source>
        <translation>
            <numerusform>Bitwright ended without saving %n piece of work; it is on %1.</numerusform>
            <numerusform>Bitwright ended without saving %n pieces of work; the newest is on %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln sample(s) of %1</source>
        <translation>
            <numerusform>%Ln sample of %1</numerusform>
            <numerusform>%Ln samples of %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>, %n class(es)</source>
        <translation>
            <numerusform>, %n class</numerusform>
            <numerusform>, %n classes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitwright::PlotExportDialog</name>
    <message numerus="yes">
        <source>%n file(s) written to %1.</source>
        <translation>
            <numerusform>%n file written to %1.</numerusform>
            <numerusform>%n files written to %1.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitwright::PredictionLine</name>
    <message numerus="yes">
        <source>%n tensor(s) have formats that were not swept.</source>
        <translation>
            <numerusform>%n tensor has a format that was not swept.</numerusform>
            <numerusform>%n tensors have formats that were not swept.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitwright::RuleBar</name>
    <message numerus="yes">
        <source>%n match(es)</source>
        <translation>
            <numerusform>%n match</numerusform>
            <numerusform>%n matches</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitwright::SensitivityView</name>
    <message numerus="yes">
        <source>%n bit(s)</source>
        <translation>
            <numerusform>%n bit</numerusform>
            <numerusform>%n bits</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>the plan has %n bit(s)</source>
        <translation>
            <numerusform>the plan has %n bit</numerusform>
            <numerusform>the plan has %n bits</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Measured on %Ln sample(s).</source>
        <translation>
            <numerusform>Measured on %Ln sample.</numerusform>
            <numerusform>Measured on %Ln samples.</numerusform>
        </translation>
    </message>
</context>
</TS>

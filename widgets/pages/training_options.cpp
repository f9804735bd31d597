// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pages/training_options.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QSpinBox>
#include <QStandardItemModel>

#include <limits>

namespace bitwright {

TrainingOptions::TrainingOptions(QWidget* parent)
    : QWidget(parent)
    , m_form(new QFormLayout(this))
{
    m_form->setContentsMargins(0, 0, 6, 0);
    m_form->setVerticalSpacing(4);
    constexpr int kMost = std::numeric_limits<int>::max();
    m_method = choice(tr("Method"), tr("How gradients pass the quantizers and what is learned of them"),
                      trainMethods());
    m_epochs = integer(tr("Epochs"), tr("Passes over the training samples"), 1, 100000);
    m_batch = integer(tr("Batch"), tr("Samples in one step"), 1, 65536);
    m_steps = integer(tr("Steps per epoch"), tr("0 = all training samples"), 0, kMost);
    heading(tr("Optimizer"));
    m_optimizer = choice(tr("Optimizer"), tr("Of weights, biases and batch-norm; scales always use Adam"),
                         {{"adamw", {}}, {"adam", {}}, {"sgd", {}}});
    m_lr = number(tr("Learning rate"), tr("Of weights and biases, at its highest"), 0, 10, 6, 1e-4);
    m_scaleLr =
        number(tr("Rate of scales"), tr("Of learned ranges, relative to their first value"), 0, 10, 6, 1e-4);
    m_schedule = choice(tr("Schedule"), tr("How the learning rate changes over the run"),
                        {{"cosine", {}}, {"step", {}}, {"constant", {}}});
    m_warmup = number(tr("Warm-up"), tr("Share of the steps in which the rate rises from 0"), 0, 1, 3, 0.01);
    m_momentum = number(tr("Momentum"), tr("Of SGD"), 0, 0.9999, 4, 0.01);
    m_decay = number(tr("Weight decay"), tr("Of weights only"), 0, 1, 6, 1e-4);
    m_clip = number(tr("Gradient limit"), tr("Largest norm of all gradients; 0 = no limit"), 0, 1e6, 3, 0.5);
    heading(tr("Loss"));
    m_loss = choice(tr("Loss"), tr("Against the labels; none = distillation alone, without labels"),
                    {{"cross-entropy", {}}, {"mse", {}}, {"none", {}}});
    m_smoothing =
        number(tr("Label smoothing"), tr("Share of the label given to all classes"), 0, 0.9, 3, 0.05);
    m_distill =
        number(tr("Distillation"), tr("Weight of the float model as the teacher; 0 = off"), 0, 1000, 3, 0.5);
    m_temperature = number(tr("Temperature"), tr("Softens teacher and student alike"), 0.1, 100, 2, 0.5);
    addPruning();
    heading(tr("Batch-norm and data"));
    m_norm = choice(tr("Batch-norm"),
                    tr("Trained on batch statistics, on stored statistics, or folded into the weights"),
                    {{"train", {}}, {"frozen", {}}, {"fold", {}}});
    m_freeze = integer(tr("Freeze after"), tr("Epochs after which stored statistics are used; 0 = never"), 0,
                       100000);
    m_flip = flag(tr("Mirror"), tr("Mirror half of the images"));
    m_crop =
        integer(tr("Crop padding"), tr("Pixels around the image before a random crop; 0 = none"), 0, 4096);
    m_patience =
        integer(tr("Patience"), tr("Epochs without improvement before it stops; 0 = never"), 0, 100000);
    m_seed = integer(tr("Seed"), tr("The same seed gives the same bits"), 0, kMost);
}

void TrainingOptions::addPruning()
{
    heading(tr("Pruning"));
    m_prune = choice(tr("Pruning"), tr("Weights that become and stay exactly 0 while the others are trained"),
                     {{"none", {}},
                      {"magnitude", "The smallest weights of every layer."},
                      {"2:4", "Two of every four neighbours along the input channels."},
                      {"channels", "Whole channels of least sum |w| leave the model, which gets smaller."}});
    m_pruneShare = number(tr("Share to prune"), tr("Of every layer's weights, or of its channels"), 0.01, 0.99,
                          2, 0.05);
    m_pruneGradual =
        flag(tr("Gradually"), tr("The share rises over the first three quarters of the training"));
    connect(m_prune, &QComboBox::currentIndexChanged, this, &TrainingOptions::enablePruning);
}

void TrainingOptions::enablePruning()
{
    const int kind = m_prune->currentIndex();
    m_pruneShare->setEnabled(kind == PruneOptions::Magnitude || kind == PruneOptions::Channels);
    m_pruneGradual->setEnabled(kind == PruneOptions::Magnitude || kind == PruneOptions::TwoOfFour);
}

PruneOptions TrainingOptions::pruning() const
{
    PruneOptions prune;
    prune.kind = PruneOptions::Kind(m_prune->currentIndex());
    const bool gradual = prune.kind == PruneOptions::Magnitude || prune.kind == PruneOptions::TwoOfFour;
    const bool share = prune.kind == PruneOptions::Magnitude || prune.kind == PruneOptions::Channels;
    prune.share = share ? m_pruneShare->value() : (prune.kind == PruneOptions::TwoOfFour ? 0.5 : 0);
    prune.gradual = gradual && m_pruneGradual->isChecked();
    return prune;
}

void TrainingOptions::setPruning(const PruneOptions& prune)
{
    m_prune->setCurrentIndex(int(prune.kind));
    m_pruneShare->setValue(prune.share > 0 ? prune.share : 0.5);
    m_pruneGradual->setChecked(prune.gradual);
    enablePruning();
}

void TrainingOptions::heading(const QString& text)
{
    auto* label = new QLabel(text);
    QFont bold = font();
    bold.setBold(true);
    label->setFont(bold);
    label->setContentsMargins(0, 6, 0, 0);
    m_form->addRow(label);
}

void TrainingOptions::add(const QString& name, const QString& help, QWidget* editor)
{
    editor->setToolTip(help);
    editor->setAccessibleName(name);
    editor->setAccessibleDescription(help);
    m_form->addRow(name, editor);
    m_form->labelForField(editor)->setToolTip(help);
}

QSpinBox* TrainingOptions::integer(const QString& name, const QString& help, int least, int most)
{
    auto* box = new QSpinBox;
    box->setRange(least, most);
    add(name, help, box);
    connect(box, &QSpinBox::valueChanged, this, [this] {
        if (!m_filling)
            Q_EMIT edited();
    });
    return box;
}

QDoubleSpinBox* TrainingOptions::number(const QString& name, const QString& help, double least, double most,
                                        int decimals, double step)
{
    auto* box = new QDoubleSpinBox;
    box->setRange(least, most);
    box->setDecimals(decimals);
    box->setSingleStep(step);
    add(name, help, box);
    connect(box, &QDoubleSpinBox::valueChanged, this, [this] {
        if (!m_filling)
            Q_EMIT edited();
    });
    return box;
}

QComboBox* TrainingOptions::choice(const QString& name, const QString& help,
                                   const std::vector<TrainChoice>& choices)
{
    auto* box = new QComboBox;
    for (const TrainChoice& c : choices) {
        box->addItem(QString::fromStdString(c.name));
        box->setItemData(box->count() - 1, QString::fromStdString(c.description), Qt::ToolTipRole);
    }
    add(name, help, box);
    connect(box, &QComboBox::currentIndexChanged, this, [this] {
        if (!m_filling)
            Q_EMIT edited();
    });
    return box;
}

QCheckBox* TrainingOptions::flag(const QString& name, const QString& help)
{
    auto* box = new QCheckBox;
    add(name, help, box);
    connect(box, &QCheckBox::toggled, this, [this] {
        if (!m_filling)
            Q_EMIT edited();
    });
    return box;
}

void TrainingOptions::setLabels(bool labels)
{
    auto* items = qobject_cast<QStandardItemModel*>(m_loss->model());
    for (int i = 0; i < 2; ++i)
        items->item(i)->setEnabled(labels);
}

void TrainingOptions::setOptions(const TrainOptions& o)
{
    m_filling = true;
    m_rest = o;
    m_method->setCurrentText(QString::fromStdString(o.method));
    m_epochs->setValue(o.epochs);
    m_batch->setValue(int(o.batch));
    m_steps->setValue(int(o.stepsPerEpoch));
    m_optimizer->setCurrentText(QString::fromStdString(o.optimizer));
    m_lr->setValue(o.lr);
    m_scaleLr->setValue(o.scaleLr);
    m_schedule->setCurrentText(QString::fromStdString(o.schedule));
    m_warmup->setValue(o.warmup);
    m_momentum->setValue(o.momentum);
    m_decay->setValue(o.weightDecay);
    m_clip->setValue(o.clip);
    m_loss->setCurrentIndex(int(o.loss));
    m_smoothing->setValue(o.labelSmoothing);
    m_distill->setValue(o.distill.weight);
    m_temperature->setValue(o.distill.temperature);
    setPruning(o.prune);
    m_norm->setCurrentIndex(int(o.norm));
    m_freeze->setValue(o.freezeNormAfter);
    m_flip->setChecked(o.flip);
    m_crop->setValue(int(o.cropPadding));
    m_patience->setValue(o.patience);
    m_seed->setValue(int(o.seed));
    m_filling = false;
}

TrainOptions TrainingOptions::options() const
{
    TrainOptions o = m_rest;
    o.method = m_method->currentText().toStdString();
    o.epochs = m_epochs->value();
    o.batch = m_batch->value();
    o.stepsPerEpoch = m_steps->value();
    o.optimizer = m_optimizer->currentText().toStdString();
    o.lr = m_lr->value();
    o.scaleLr = m_scaleLr->value();
    o.schedule = m_schedule->currentText().toStdString();
    o.warmup = m_warmup->value();
    o.momentum = m_momentum->value();
    o.weightDecay = m_decay->value();
    o.clip = m_clip->value();
    o.loss = TrainLoss(m_loss->currentIndex());
    o.labelSmoothing = m_smoothing->value();
    o.distill.weight = m_distill->value();
    o.distill.temperature = m_temperature->value();
    o.prune = pruning();
    o.norm = NormMode(m_norm->currentIndex());
    o.freezeNormAfter = m_freeze->value();
    o.flip = m_flip->isChecked();
    o.cropPadding = m_crop->value();
    o.patience = m_patience->value();
    o.seed = uint64_t(m_seed->value());
    return o;
}

} // namespace bitwright

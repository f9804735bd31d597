// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme.h"

#include <QApplication>
#include <QEvent>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmap>
#include <QProxyStyle>
#include <QStyleOption>
#include <QSvgRenderer>
#include <QWidget>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

/// The resources of a static library have to be asked for; the macro wants the global namespace.
static void initResources()
{
    Q_INIT_RESOURCE(bitwright);
}

namespace bitwright {

namespace {

struct Tones {
    QRgb window, base, alternate, text, button, highlight, highlightedText, link, disabled, border;
};

constexpr Tones kLight{0xfff3f4f6, 0xffffffff, 0xfff7f8fa, 0xff1b1f24, 0xffebedf0,
                       0xff1f6fb2, 0xffffffff, 0xff0b5cad, 0xff8a9099, 0xffc3c8cf};
constexpr Tones kDark{0xff23262b, 0xff1a1c20, 0xff202328, 0xffe4e7eb, 0xff2f333a,
                      0xff3b82c4, 0xffffffff, 0xff7db8f0, 0xff7d848e, 0xff454b54};

QPalette paletteOf(const Tones& tones)
{
    QPalette palette(QColor(tones.button), QColor(tones.window));
    palette.setColor(QPalette::WindowText, QColor(tones.text));
    palette.setColor(QPalette::Base, QColor(tones.base));
    palette.setColor(QPalette::AlternateBase, QColor(tones.alternate));
    palette.setColor(QPalette::Text, QColor(tones.text));
    palette.setColor(QPalette::ButtonText, QColor(tones.text));
    palette.setColor(QPalette::ToolTipBase, QColor(tones.base));
    palette.setColor(QPalette::ToolTipText, QColor(tones.text));
    palette.setColor(QPalette::PlaceholderText, QColor(tones.disabled));
    palette.setColor(QPalette::Highlight, QColor(tones.highlight));
    palette.setColor(QPalette::HighlightedText, QColor(tones.highlightedText));
    palette.setColor(QPalette::Link, QColor(tones.link));
    palette.setColor(QPalette::Mid, QColor(tones.border));
    for (auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor(tones.disabled));
    palette.setColor(QPalette::Disabled, QPalette::Highlight, QColor(tones.border));
    return palette;
}

ColorMap currentMap = ColorMap::Viridis;

template<size_t N>
QColor interpolate(const std::array<QRgb, N>& anchors, double t)
{
    const double position = std::clamp(t, 0.0, 1.0) * double(N - 1);
    const size_t i = std::min(size_t(position), N - 2);
    const double f = position - double(i);
    const QColor a(anchors[i]), b(anchors[i + 1]);
    return QColor::fromRgbF(float(a.redF() + f * (b.redF() - a.redF())),
                            float(a.greenF() + f * (b.greenF() - a.greenF())),
                            float(a.blueF() + f * (b.blueF() - a.blueF())));
}

double luminance(const QColor& color)
{
    const auto linear = [](double c) {
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

/// Draws itself when somebody asks for a size: a window has more icons than it shows.
class ThemedIconEngine : public QIconEngine {
public:
    ThemedIconEngine(QByteArray svg, const QColor& normal, const QColor& disabled)
        : m_svg(std::move(svg))
        , m_normal(normal)
        , m_disabled(disabled)
    {
    }
    QIconEngine* clone() const override { return new ThemedIconEngine(*this); }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override
    {
        QPixmap& pixmap = m_drawn[{mode == QIcon::Disabled, size.width(), size.height()}];
        if (pixmap.isNull()) {
            pixmap = QPixmap(size);
            pixmap.fill(Qt::transparent);
            QPainter painter(&pixmap);
            paint(&painter, QRect({}, size), mode, QIcon::Off);
        }
        return pixmap;
    }
    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        QByteArray colored = m_svg;
        colored.replace("currentColor", (mode == QIcon::Disabled ? m_disabled : m_normal).name().toLatin1());
        QSvgRenderer(colored).render(painter, rect);
    }

private:
    QByteArray m_svg;
    QColor m_normal, m_disabled;
    std::map<std::tuple<bool, int, int>, QPixmap> m_drawn; ///< disabled, width, height
};

/// Fusion, which outlines the boxes to check by a shade darker than the window: nobody sees that on dark
/// ones.
class ThemeStyle : public QProxyStyle {
public:
    ThemeStyle()
        : QProxyStyle(QStringLiteral("Fusion"))
    {
    }
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override
    {
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        const bool isBox = element == PE_IndicatorCheckBox || element == PE_IndicatorItemViewItemCheck;
        if (!isBox || !isDark(option->palette))
            return;
        QColor outline = option->palette.color(QPalette::Text);
        outline.setAlphaF(option->state & State_Enabled ? 0.6F : 0.3F);
        painter->save();
        painter->setPen(outline);
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        painter->restore();
    }
};

} // namespace

QString themeName(Theme theme)
{
    return theme == Theme::Dark    ? QStringLiteral("dark")
           : theme == Theme::Light ? QStringLiteral("light")
                                   : QStringLiteral("system");
}

Theme themeFromName(const QString& name)
{
    return name == u"dark" ? Theme::Dark : name == u"light" ? Theme::Light : Theme::System;
}

void applyTheme(Theme theme)
{
    // The platform's own palette, remembered before the first change of ours.
    static const QPalette system = QApplication::palette();
    static const bool styled = [] {
        QApplication::setStyle(new ThemeStyle);
        return true;
    }();
    Q_UNUSED(styled);
    QApplication::setPalette(theme == Theme::Light  ? paletteOf(kLight)
                             : theme == Theme::Dark ? paletteOf(kDark)
                                                    : system);
}

bool isDark(const QPalette& palette)
{
    return luminance(palette.color(QPalette::Active, QPalette::Base)) < 0.2;
}

QColor viridis(double t)
{
    static constexpr std::array<QRgb, 10> anchors{0xff440154, 0xff482878, 0xff3e4989, 0xff31688e, 0xff26828e,
                                                  0xff1f9e89, 0xff35b779, 0xff6ece58, 0xffb5de2b, 0xfffde725};
    return interpolate(anchors, t);
}

QColor cividis(double t)
{
    static constexpr std::array<QRgb, 10> anchors{0xff00224e, 0xff123570, 0xff3b496c, 0xff575d6d, 0xff707173,
                                                  0xff8a8678, 0xffa59c74, 0xffc3b369, 0xffe1cc55, 0xfffee838};
    return interpolate(anchors, t);
}

QColor greys(double t)
{
    static constexpr std::array<QRgb, 2> anchors{0xff202020, 0xfff2f2f2};
    return interpolate(anchors, t);
}

QString colorMapName(ColorMap map)
{
    return map == ColorMap::Cividis ? QStringLiteral("cividis")
           : map == ColorMap::Grey  ? QStringLiteral("grey")
                                    : QStringLiteral("viridis");
}

ColorMap colorMapFromName(const QString& name)
{
    return name == u"cividis" ? ColorMap::Cividis : name == u"grey" ? ColorMap::Grey : ColorMap::Viridis;
}

void setColorMap(ColorMap map)
{
    if (std::exchange(currentMap, map) == map)
        return;
    for (QWidget* widget : QApplication::allWidgets()) {
        QEvent event(QEvent::PaletteChange);
        QApplication::sendEvent(widget, &event);
        widget->update();
    }
}

QColor sequential(double t)
{
    return currentMap == ColorMap::Viridis   ? viridis(t)
           : currentMap == ColorMap::Cividis ? cividis(t)
                                             : greys(t);
}

QColor diverging(double t, const QPalette& palette)
{
    static constexpr std::array<QRgb, 7> light{0xff08519c, 0xff4292c6, 0xffc6dbef, 0xfff7f7f7,
                                               0xfffdd0a2, 0xfff16913, 0xff8c2d04};
    static constexpr std::array<QRgb, 7> dark{0xff9ecae1, 0xff4292c6, 0xff1c4a75, 0xff2a2d31,
                                              0xff7a3a10, 0xfff16913, 0xfffdbe85};
    return interpolate(isDark(palette) ? dark : light, (std::clamp(t, -1.0, 1.0) + 1) / 2);
}

QColor roleColor(Role role, const QPalette& palette)
{
    const bool dark = isDark(palette);
    switch (role) {
    case Role::Float:
        return QColor(dark ? 0xff56b4e9 : 0xff0072b2);
    case Role::Quantized:
        return QColor(dark ? 0xfff0b43c : 0xffe69f00);
    case Role::Clipped:
        return QColor(dark ? 0xffff7a33 : 0xffd55e00);
    case Role::Good:
        return QColor(dark ? 0xff2fc79b : 0xff00795a);
    case Role::Bad:
        return QColor(dark ? 0xffff8f5a : 0xffb84a00);
    }
    return palette.color(QPalette::Text);
}

QColor textOn(const QColor& background)
{
    const double l = luminance(background);
    return (l + 0.05) / 0.05 > 1.05 / (l + 0.05) ? QColor(Qt::black) : QColor(Qt::white);
}

QColor dimmedText(const QPalette& palette)
{
    const QColor text = palette.color(QPalette::Active, QPalette::Text);
    const QColor base = palette.color(QPalette::Active, QPalette::Base);
    const auto mix = [](float a, float b) { return 0.64f * a + 0.36f * b; };
    return QColor::fromRgbF(mix(text.redF(), base.redF()), mix(text.greenF(), base.greenF()),
                            mix(text.blueF(), base.blueF()));
}

QIcon themedIcon(const QString& name, const QPalette& palette)
{
    initResources();
    QFile file(QStringLiteral(":/bitwright/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QIcon(new ThemedIconEngine(file.readAll(), palette.color(QPalette::Active, QPalette::ButtonText),
                                      palette.color(QPalette::Disabled, QPalette::ButtonText)));
}

} // namespace bitwright

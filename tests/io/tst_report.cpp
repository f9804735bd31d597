// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/html_text.h"
#include "core/io/report_html.h"
#include "core/io/report_svg.h"
#include "tests/io/fake_model.h"

#include <gtest/gtest.h>

#include <regex>

namespace bitwright {
namespace {

const std::string kHostile = "<script>alert('1')</script>&\"\x01\xff";

SiteReport site(double squared)
{
    SiteReport report;
    report.params = test::integerParams(8, -128, 127, {0.01F}, {0});
    report.elements = report.error.count = 100;
    report.error.signal = 100;
    report.error.squared = squared;
    report.bytes = 123;
    return report;
}

/// A report over the two-layer model whose second layer is named `name`.
struct Fixture {
    explicit Fixture(const std::string& name)
        : runner(test::twoLayerModel(name))
    {
        addToStats(calibration.activations[0], test::waves({5, 1, 4, 4}), 1, true);
        addToStats(calibration.activations[2], test::waves({5, 3}), 1, true);
        calibration.samples = 5;
        layers = {{"input", kNone, {}, {}, site(0.001), 50.0},
                  {"features.0", 0, site(0.0001), {site(0.0001)}, site(0.0001), 45.0},
                  {name, 1, site(10), {site(10)}, site(0.01), 9.0}};
        evaluation.floating.samples = evaluation.quantized.samples = 7;
        evaluation.floating.top1 = 0.75;
        evaluation.quantized.top1 = 0.5;
        evaluation.floating.confusion = evaluation.quantized.confusion = {{3, 1}, {2, 1}};
        plan.layers[name].note = name;
    }

    ReportData data() const
    {
        ReportData data;
        data.modelPath = "models/" + layers.back().name + ".pt";
        data.modelSha256 = "00ff";
        data.modelFormat = "torchscript";
        data.runner = &runner;
        data.plan = &plan;
        data.calibration = &calibration;
        data.layers = &layers;
        data.evaluation = &evaluation;
        data.cost = &cost;
        data.classes = {layers.back().name};
        data.dataDescription = data.command = layers.back().name;
        return data;
    }

    test::StubRunner runner;
    CalibrationResult calibration;
    std::vector<LayerReport> layers;
    Evaluation evaluation;
    Cost cost;
    QuantPlan plan;
};

std::string written(const Fixture& fixture)
{
    const Result<std::string> report = reportHtml(fixture.data());
    EXPECT_TRUE(report.has_value());
    return report ? *report : std::string();
}

/// First tag that is closed in the wrong order or never; "" when all are balanced.
std::string unbalanced(const std::string& text)
{
    static const std::regex tag("<(/?)([a-z0-9]+)((?:\"[^\"]*\"|[^>\"])*?)(/?)>");
    static const std::set<std::string> kVoid = {"meta"};
    std::vector<std::string> open;
    for (std::sregex_iterator it(text.begin(), text.end(), tag), end; it != end; ++it) {
        const std::string name = (*it)[2];
        if ((*it)[4].length() || kVoid.contains(name))
            continue;
        if (!(*it)[1].length()) {
            open.push_back(name);
            continue;
        }
        if (open.empty() || open.back() != name)
            return "</" + name + "> after <" + (open.empty() ? "" : open.back()) + ">";
        open.pop_back();
    }
    return open.empty() ? "" : "<" + open.back() + ">";
}

TEST(Report, needs_nothing_from_elsewhere)
{
    const std::string text = written(Fixture("head"));
    for (const char* outside :
         {"http://", "https://", "//cdn", "src=", "url(", "@import", "<link", "<script", "<iframe"})
        EXPECT_EQ(text.find(outside), std::string::npos) << outside;
    EXPECT_NE(text.find("<meta charset=\"utf-8\">"), std::string::npos);
    EXPECT_NE(text.find("prefers-color-scheme: dark"), std::string::npos);
}

TEST(Report, escapes_names_wherever_they_stand)
{
    const std::string text = written(Fixture(kHostile));
    EXPECT_EQ(text.find("<script"), std::string::npos);
    EXPECT_EQ(text.find("alert('1')"), std::string::npos);
    EXPECT_EQ(text.find('\x01'), std::string::npos);
    EXPECT_EQ(text.find('\xff'), std::string::npos);
    EXPECT_NE(text.find("&lt;script&gt;alert(&#39;1&#39;)"), std::string::npos);
    EXPECT_EQ(unbalanced(text), "");
}

TEST(Report, closes_every_element)
{
    EXPECT_EQ(unbalanced(written(Fixture("head"))), "");
    EXPECT_NE(unbalanced("<p><b></p></b>"), "");
    EXPECT_NE(unbalanced("<p>"), "");
}

TEST(Report, lists_the_worst_layer_first_with_number_and_shade)
{
    const std::string text = written(Fixture("head"));
    const size_t table = text.find("Layers, worst first");
    const size_t head = text.find(">head</span>", table), conv = text.find(">features.0</span>", table);
    ASSERT_NE(head, std::string::npos);
    ASSERT_NE(conv, std::string::npos);
    EXPECT_LT(head, conv);
    EXPECT_NE(text.find("<td class=\"n h5\">10.0</td>", table), std::string::npos);
    EXPECT_NE(text.find("<td class=\"n h0\">60.0</td>", table), std::string::npos);
}

TEST(Report, shows_accuracy_confusion_and_hash)
{
    const std::string text = written(Fixture("head"));
    for (const char* part : {"75.00 %", "50.00 %", "-25 points", "00ff", "--p:0.75", "title=\"float: 3\""})
        EXPECT_NE(text.find(part), std::string::npos) << part;
}

TEST(Report, lists_confusions_where_a_matrix_would_be_too_large)
{
    Fixture fixture("head");
    auto& confusion = fixture.evaluation.quantized.confusion;
    confusion.assign(100, std::vector<int64_t>(100, 0));
    confusion[99][42] = 17;
    const std::string text = written(fixture);
    EXPECT_EQ(text.find("Confusion, quantized"), std::string::npos);
    EXPECT_NE(text.find("<td>99</td><td>42</td><td class=\"n\">0</td><td class=\"n\">17</td>"),
              std::string::npos);
}

TEST(Report, says_so_when_there_are_no_labels)
{
    Fixture fixture("head");
    fixture.evaluation.floating.top1.reset();
    EXPECT_NE(written(fixture).find("The data has no labels"), std::string::npos);
}

TEST(Report, is_the_same_for_the_same_data)
{
    EXPECT_EQ(written(Fixture("head")), written(Fixture("head")));
}

TEST(Report, passes_on_a_parameter_that_cannot_be_read)
{
    Fixture fixture("head");
    fixture.runner.parameters.clear();
    const Result<std::string> report = reportHtml(fixture.data());
    ASSERT_FALSE(report.has_value());
    EXPECT_EQ(report.error().code, Error::NotFound);
}

TEST(HistogramSvg, draws_bars_and_both_ends_of_the_range)
{
    const std::vector<float> values = {-1, -0.5F, 0, 0.5F, 1};
    Histogram histogram;
    histogram.add(values, -1, 1);
    const std::string svg = histogramSvg({&histogram, nullptr, Range{-0.5F, 0.25F}, "a<b"});
    EXPECT_NE(svg.find("-0.5</text>"), std::string::npos);
    EXPECT_NE(svg.find("0.25</text>"), std::string::npos);
    EXPECT_NE(svg.find("a&lt;b"), std::string::npos);
    const size_t bars = svg.find("class=\"bars\"");
    const std::string path = svg.substr(bars, svg.find("/>", bars) - bars);
    EXPECT_EQ(std::count(path.begin(), path.end(), 'z'), 5);
    EXPECT_EQ(unbalanced(svg), "");
}

TEST(HistogramSvg, of_nothing_is_a_sentence)
{
    EXPECT_EQ(histogramSvg({}).find("<svg"), std::string::npos);
    const Histogram empty;
    EXPECT_EQ(histogramSvg({&empty, nullptr, {}, ""}).find("<svg"), std::string::npos);
}

TEST(HistogramSvg, stays_readable_when_the_range_is_far_wider_than_the_data)
{
    const std::vector<float> values = {0, 1};
    Histogram histogram;
    histogram.add(values, 0, 1);
    const std::string svg = histogramSvg({&histogram, nullptr, Range{-1e30F, 1e30F}, "wide"});
    EXPECT_EQ(svg.find("nan"), std::string::npos);
    EXPECT_EQ(svg.find("inf"), std::string::npos);
}

TEST(HtmlText, shades_follow_the_stated_decibels)
{
    EXPECT_EQ(html::heat(41.0), "h0");
    EXPECT_EQ(html::heat(40.0), "h0");
    EXPECT_EQ(html::heat(39.9), "h1");
    EXPECT_EQ(html::heat(16.0), "h4");
    EXPECT_EQ(html::heat(15.9), "h5");
    EXPECT_EQ(html::heat(std::numeric_limits<double>::infinity()), "h0");
    EXPECT_EQ(html::heat(-std::numeric_limits<double>::infinity()), "h5");
    EXPECT_EQ(html::heat(std::nullopt), "");
}

TEST(HtmlText, keeps_good_utf8_and_replaces_the_rest)
{
    EXPECT_EQ(html::escape("größe \xE4\xB8\xAD \xF0\x9F\x98\x80"), "größe \xE4\xB8\xAD \xF0\x9F\x98\x80");
    EXPECT_EQ(html::escape("\xC3"), "\xEF\xBF\xBD");
    EXPECT_EQ(html::escape("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");
    EXPECT_EQ(html::escape("a\xE4\xB8"), "a\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(HtmlText, numbers_read_well)
{
    EXPECT_EQ(text::count(1234567), "1,234,567");
    EXPECT_EQ(text::count(-123), "-123");
    EXPECT_EQ(text::bytes(999), "999 B");
    EXPECT_EQ(text::bytes(43210), "43.21 kB");
    EXPECT_EQ(text::percent(0.12345), "12.35 %");
    EXPECT_EQ(text::percent(std::nullopt), "-");
}

} // namespace
} // namespace bitwright

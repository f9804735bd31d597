// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/report_style.h"

namespace bitwright {

const char* reportStyle()
{
    return R"css(
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --paper: #ffffff; --panel: #f4f6f8;
  --line: #d8dee4; --accent: #0b62c4; --bars: #7aa7dc; --grid: #c2410c; --mark: #b42318;
  --h0: transparent; --h1: #fff4d6; --h2: #ffe3ad; --h3: #ffc999; --h4: #ffab91; --h5: #ff8a80; --hot: 11 98 196; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9aa5b1; --paper: #0f1318;
  --panel: #181d24; --line: #2e3640; --accent: #6cb0ff; --bars: #3f6ea8; --grid: #fb923c; --mark: #ff8f85;
  --h1: #37301a; --h2: #4a3714; --h3: #5c3718; --h4: #6e2f1d; --h5: #862626; --hot: 108 176 255; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 74rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", "Noto Sans", sans-serif; }
h1 { font-size: 1.6rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.4rem 0 .6rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
p { margin: .4rem 0; } .soft, .none { color: var(--soft); }
code, pre, .name { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .86em; }
.name { overflow-wrap: anywhere; }
pre { background: var(--panel); padding: .8rem; overflow: auto; border-radius: 6px; max-height: 28rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .7rem; margin: 1.2rem 0 0; }
.card { background: var(--panel); border-radius: 8px; padding: .7rem .9rem; }
.card b { display: block; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.card span { color: var(--soft); font-size: .82rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .32rem .6rem; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-size: .8rem; font-weight: 600; color: var(--soft); }
th.n, td.n { text-align: right; white-space: nowrap; }
tbody tr:hover td { background-color: color-mix(in srgb, var(--accent) 8%, transparent); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.2rem; margin: .5rem 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.h0 { background: var(--h0); } .h1 { background: var(--h1); } .h2 { background: var(--h2); }
.h3 { background: var(--h3); } .h4 { background: var(--h4); } .h5 { background: var(--h5); }
.scale { display: inline-flex; margin-left: .5rem; border: 1px solid var(--line); }
.scale i { padding: 0 .5rem; font-style: normal; font-size: .75rem; }
details { border-bottom: 1px solid var(--line); } summary { cursor: pointer; padding: .4rem 0; }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); gap: 1rem; padding: .3rem 0 1rem; }
figure { margin: 0; background: var(--panel); border-radius: 8px; padding: .6rem .8rem; }
figcaption { font-size: .8rem; color: var(--soft); margin-bottom: .3rem; }
svg { width: 100%; height: auto; display: block; } svg text { fill: var(--soft); font-size: 10px; }
.bars { fill: var(--bars); } .grid { fill: var(--grid); opacity: .55; } .axis { stroke: var(--line); fill: none; }
.mark { stroke: var(--mark); stroke-width: 1.4; stroke-dasharray: 4 2; fill: none; } .cut { fill: var(--mark); opacity: .1; }
.key i { display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 .9em; border-radius: 2px; vertical-align: -.08em; }
.confusion table { width: auto; } .confusion td, .confusion th { padding: .25rem .45rem; text-align: right; border: 1px solid var(--line); }
.confusion td { background: rgb(var(--hot) / calc(var(--p) * .75)); } .confusion th { text-align: right; }
footer { margin-top: 3rem; color: var(--soft); font-size: .82rem; }
@media print { body { max-width: none; padding: 0; } pre { max-height: none; } details, figure, tr { break-inside: avoid; } }
)css";
}

} // namespace bitwright

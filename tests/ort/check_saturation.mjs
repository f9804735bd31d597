// Compares ONNX Runtime with the simulation of sums in 16 bits, over the cases of onnx_cases FOLDER saturation:
//     node check_saturation.mjs FOLDER saturated|exact [--version onnxruntime-node]
// "saturated": this processor, or the emulated one, has no VNNI; "exact": it has. The outputs have to be those of
// that simulation, and where the two simulations differ nearer to it by far.
// SPDX-License-Identifier: GPL-3.0-or-later
import fs from 'node:fs';
import path from 'node:path';
import { load, readFloats, readTensor, session, versions } from './ort.mjs';

const [folder, expected] = process.argv.slice(2);
const named = process.argv.indexOf('--version');

function sqnr(a, b) {
    let signal = 0, noise = 0;
    a.forEach((x, i) => { signal += x * x; noise += (x - b[i]) ** 2; });
    return noise === 0 ? Infinity : 10 * Math.log10(signal / noise);
}

function agreement(a, b, classes) {
    const best = (values, row) => values.subarray(row * classes, (row + 1) * classes)
        .reduce((top, x, i, all) => (x > all[top] ? i : top), 0);
    const rows = a.length / classes;
    let equal = 0;
    for (let row = 0; row < rows; ++row)
        equal += best(a, row) === best(b, row);
    return equal / rows;
}

const ort = await load(named < 0 ? versions[0] : process.argv[named + 1]);
let failed = 0, different = 0;
for (const file of fs.readdirSync(folder).filter(f => f.endsWith('.json')).sort()) {
    const test = JSON.parse(fs.readFileSync(path.join(folder, file)));
    const model = await session(ort, path.join(folder, test.name + '.onnx'));
    const [run] = test.runs;
    const outputs = await model.run({ [model.inputNames[0]]: readTensor(ort, folder, run.inputs[0]) });
    const got = outputs[model.outputNames[0]].data, classes = run.outputs[0].shape[1];
    const exact = readFloats(folder, run.outputs[0]), saturated = readFloats(folder, run.saturated[0]);
    const [own, other] = expected === 'saturated' ? [saturated, exact] : [exact, saturated];
    const differs = sqnr(exact, saturated) < 30;
    different += differs;
    const ok = agreement(own, got, classes) >= 0.998 && sqnr(own, got) >= 25 &&
        (!differs || sqnr(own, got) > sqnr(other, got) + 10);
    failed += !ok;
    console.log(`${ok ? 'ok' : 'FAILED'}  ${test.name}: ${test.layers_at_risk} layers at risk, the two simulations ` +
        `${sqnr(exact, saturated).toFixed(1)} dB apart; runtime against ${expected} ${sqnr(own, got).toFixed(1)} dB, ` +
        `${(100 * agreement(own, got, classes)).toFixed(1)} %, against the other ${sqnr(other, got).toFixed(1)} dB, ` +
        `${(100 * agreement(other, got, classes)).toFixed(1)} %`);
}
console.log(`${different} cases differ between the simulations, ${failed} failed`);
process.exit(failed || !different ? 1 : 0);

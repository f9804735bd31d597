// Runs every case of onnx_cases in ONNX Runtime and compares with the outputs that Bitwright computed:
//     node check_cases.mjs FOLDER [--only TEXT] [--version onnxruntime-node]
// SPDX-License-Identifier: GPL-3.0-or-later
import fs from 'node:fs';
import path from 'node:path';
import { load, readFloats, readTensor, session, versions } from './ort.mjs';

const folder = process.argv[2];
const option = name => {
    const i = process.argv.indexOf(name);
    return i < 0 ? undefined : process.argv[i + 1];
};
const only = option('--only'), version = option('--version');

// Cases that are known to have no ONNX form, each with the reason: out_of_scope.json beside this file.
const outOfScope = JSON.parse(fs.readFileSync(new URL('./out_of_scope.json', import.meta.url)));
const tolerances = { exact: 1e-5 };

const isNumber = x => typeof x === 'number' || typeof x === 'bigint';
const argMax = (values, from, count) => {
    let best = from;
    for (let i = from; i < from + count; ++i)
        if (values[i] > values[best])
            best = i;
    return best - from;
};

class Meter {
    constructor() {
        Object.assign(this, { signal: 0, noise: 0, maxAbs: 0, largest: 0, rows: 0, equal: 0 });
    }
    add(expected, got, shape) {
        for (let i = 0; i < expected.length; ++i) {
            const a = expected[i], b = isNumber(got[i]) ? Number(got[i]) : got[i] ? 1 : 0;
            if (a === b || (Number.isNaN(a) && Number.isNaN(b)))
                { this.signal += Number.isFinite(a) ? a * a : 0; continue; }
            this.signal += a * a;
            this.noise += (a - b) ** 2;
            this.maxAbs = Math.max(this.maxAbs, Number.isNaN(a - b) ? Infinity : Math.abs(a - b));
        }
        for (const a of expected)
            if (Number.isFinite(a))
                this.largest = Math.max(this.largest, Math.abs(a));
        if (shape.length !== 2 || shape[1] < 2)
            return;
        for (let row = 0; row < shape[0]; ++row) {
            this.rows += 1;
            this.equal += argMax(expected, row * shape[1], shape[1]) === argMax(got, row * shape[1], shape[1]);
        }
    }
    sqnr() { return this.noise === 0 ? Infinity : 10 * Math.log10(this.signal / this.noise); }
    relative() { return this.maxAbs / Math.max(this.largest, 1e-30); }
    top1() { return this.rows ? this.equal / this.rows : 1; }
}

async function check(ort, test) {
    const model = await session(ort, path.join(folder, test.name + '.onnx'),
        { graphOptimizationLevel: option('--level') ?? 'all' });
    const meter = new Meter();
    for (const run of test.runs) {
        const feeds = {};
        // An input that the model does not read is not in the list of the runtime, but in the file's order.
        model.inputNames.forEach((name, i) => {
            feeds[name] = readTensor(ort, folder, run.inputs[i], model.inputMetadata[i].type);
        });
        const outputs = await model.run(feeds);
        const names = model.outputNames;
        if (names.length !== run.outputs.length)
            throw new Error(`${names.length} outputs instead of ${run.outputs.length}`);
        names.forEach((name, i) => {
            const got = outputs[name], expected = run.outputs[i];
            if (got.dims.join() !== expected.shape.join())
                throw new Error(`output ${name} is [${got.dims}] instead of [${expected.shape}]`);
            meter.add(readFloats(folder, expected), got.data, expected.shape);
        });
    }
    await model.release?.();
    return meter;
}

function verdict(test, meter) {
    if (test.exact)
        return meter.relative() <= (outOfScope.tolerance?.[test.name] ?? tolerances.exact);
    if (meter.sqnr() < (test.sqnr ?? 0))
        return false;
    return test.top1 === undefined || meter.top1() >= (outOfScope.agreement?.[test.name] ?? test.top1 ?? 0.999);
}

function sizeRatio(test) {
    if (!test.float || !fs.existsSync(path.join(folder, test.float)))
        return '';
    const size = file => fs.statSync(path.join(folder, file)).size;
    return (size(test.name + '.onnx') / size(test.float)).toFixed(3);
}

let failed = 0, passed = 0, skipped = 0;
{
    const each = version ?? versions[0]; // two versions cannot live in one process
    const ort = await load(each);
    console.log(`${each} (${ort.env?.versions?.node ?? ''})`);
    for (const file of fs.readdirSync(folder).filter(f => f.endsWith('.json')).sort()) {
        const test = JSON.parse(fs.readFileSync(path.join(folder, file)));
        if (only && !test.name.includes(only))
            continue;
        const reason = outOfScope.refused?.[test.name];
        if (test.refused) {
            const known = reason && test.refused.includes(reason);
            console.log(`${known ? 'out of scope' : 'FAILED'}  ${test.name}: ${test.refused}`);
            known ? ++skipped : ++failed;
            continue;
        }
        try {
            const meter = await check(ort, test);
            const ok = verdict(test, meter);
            ok ? ++passed : ++failed;
            console.log(`${ok ? 'ok' : 'FAILED'}  ${test.name}  SQNR ${meter.sqnr().toFixed(1)} dB  relative ` +
                `${meter.relative().toExponential(1)}  top-1 ${(100 * meter.top1()).toFixed(2)} %  size ${sizeRatio(test)}`);
        } catch (error) {
            ++failed;
            console.log(`FAILED  ${test.name}: ${String(error.message).split('\n')[0]}`);
        }
    }
}
console.log(`${passed} passed, ${skipped} out of scope, ${failed} failed`);
process.exit(failed ? 1 : passed + skipped === 0 ? 77 : 0);

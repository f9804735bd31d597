// Latency of quantized against float files in ONNX Runtime, one thread, and what became of their convolutions:
//     node bench.mjs FLOAT.onnx INT8.onnx [FLOAT2.onnx INT8_2.onnx ...] [--batch N] [--seconds S]
//         [--version onnxruntime-node] [--operators] [--integers]
// Prints for every pair the median milliseconds, the ratio, the size ratio, and the operators with weights of the
// model that the runtime really executes; pairs that are not there are left out. --integers: fails when a
// convolution or product of a quantized file stays in float. SPDX-License-Identifier: GPL-3.0-or-later
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { load, session, versions } from './ort.mjs';

const flags = ['--operators', '--integers'];
const files = process.argv.slice(2).filter(
    (a, i, all) => !a.startsWith('--') && (!all[i - 1]?.startsWith('--') || flags.includes(all[i - 1])));
const option = (name, fallback) => {
    const i = process.argv.indexOf(name);
    return i < 0 ? fallback : Number(process.argv[i + 1]);
};
const batch = option('--batch', 1), seconds = option('--seconds', 2);

// The messages of one field of a protobuf message.
function* fields(bytes) {
    let at = 0;
    const varint = () => {
        let value = 0, shift = 1;
        for (;;) {
            const byte = bytes[at++];
            value += (byte & 127) * shift;
            if (byte < 128)
                return value;
            shift *= 128;
        }
    };
    while (at < bytes.length) {
        const key = varint(), wire = key % 8, field = Math.floor(key / 8);
        if (wire === 0)
            varint();
        else if (wire === 1)
            at += 8;
        else if (wire === 5)
            at += 4;
        else {
            const length = varint();
            yield [field, bytes.subarray(at, at + length)];
            at += length;
        }
    }
}

// Number of nodes of every operator in the main graph.
function operators(file) {
    const counts = {};
    for (const [field, graph] of fields(fs.readFileSync(file)))
        if (field === 7)
            for (const [part, node] of fields(graph))
                if (part === 1)
                    for (const [key, text] of fields(node))
                        if (key === 4)
                            counts[text.toString()] = (counts[text.toString()] ?? 0) + 1;
    return counts;
}

async function prepare(ort, file) {
    const optimized = path.join(os.tmpdir(), `bitwright_bench_${process.pid}.onnx`);
    const model = await session(ort, file, { optimizedModelFilePath: optimized, graphOptimizationLevel: 'all' });
    const counts = operators(optimized);
    fs.rmSync(optimized);
    const feeds = {};
    model.inputNames.forEach((name, i) => {
        const shape = (model.inputMetadata?.[i]?.shape ?? []).map(d => (typeof d === 'number' ? d : batch));
        const size = shape.reduce((a, b) => a * b, 1);
        feeds[name] = new ort.Tensor('float32', Float32Array.from({ length: size }, (_, k) => Math.sin(k * 0.7)), shape);
    });
    return { model, feeds, counts };
}

async function once({ model, feeds }) {
    const begin = process.hrtime.bigint();
    await model.run(feeds);
    return Number(process.hrtime.bigint() - begin) / 1e6;
}

const median = list => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
const integers = counts => {
    const sum = names => names.reduce((n, name) => n + (counts[name] ?? 0), 0);
    const whole = sum(['QLinearConv', 'ConvInteger', 'QGemm', 'QLinearMatMul', 'MatMulIntegerToFloat', 'DynamicQuantizeMatMul']);
    const floats = sum(['Conv', 'FusedConv', 'Gemm', 'FusedGemm', 'MatMul', 'FusedMatMul', 'MatMulNBits']);
    return { whole, floats, text: `${whole} of ${whole + floats} convolutions and products in integers` };
};

{
    const named = process.argv.indexOf('--version');
    const version = named < 0 ? versions[0] : process.argv[named + 1]; // two cannot live in one process
    const ort = await load(version);
    let failed = 0, measured = 0;
    for (let i = 0; i + 1 < files.length; i += 2) {
        if (!fs.existsSync(files[i]) || !fs.existsSync(files[i + 1]))
            continue;
        const pair = [await prepare(ort, files[i]), await prepare(ort, files[i + 1])];
        const times = [[], []];
        for (const model of pair)
            for (let k = 0; k < 5; ++k)
                await once(model);
        const end = Date.now() + 1000 * seconds;
        while (Date.now() < end || times[0].length < 10)
            for (let k = 0; k < 2; ++k) // in turns, so that both see the same machine
                times[k].push(await once(pair[k]));
        const [a, b] = times.map(median);
        const share = integers(pair[1].counts);
        const size = fs.statSync(files[i + 1]).size / fs.statSync(files[i]).size;
        console.log(`${version}  ${path.basename(files[i + 1])}: float ${a.toFixed(3)} ms, quantized ${b.toFixed(3)} ms, ` +
            `${(a / b).toFixed(2)}x, size ${size.toFixed(3)}; ${share.text}`);
        measured += 1;
        failed += process.argv.includes('--integers') && (share.floats > 0 || share.whole === 0);
        if (process.argv.includes('--operators'))
            console.log(pair[1].counts);
    }
    process.exit(failed ? 1 : measured ? 0 : 77);
}

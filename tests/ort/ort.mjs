// Both pinned versions of ONNX Runtime, and the raw files of onnx_cases. SPDX-License-Identifier: GPL-3.0-or-later
import fs from 'node:fs';
import path from 'node:path';

export const versions = ['onnxruntime-node-1.23', 'onnxruntime-node'];

// The module of one version; ends the program with ctest's code for a skipped test when it is not installed.
export async function load(version) {
    try {
        const module = await import(version);
        return module.default ?? module;
    } catch (error) {
        console.log(`${version} is not installed (npm ci in tests/ort): skipped (${error.message.split('\n')[0]})`);
        process.exit(77);
    }
}

const arrays = {
    float32: Float32Array, int64: BigInt64Array, int32: Int32Array, int16: Int16Array, int8: Int8Array,
    uint8: Uint8Array, bool: Uint8Array,
};

// Cases hold floats as float32; `type` is what the model takes.
export function readTensor(ort, folder, entry, type = entry.type) {
    const bytes = fs.readFileSync(path.join(folder, entry.file));
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const values = new arrays[entry.type](buffer);
    return type === 'float64' ? new ort.Tensor(type, Float64Array.from(values), entry.shape)
        : new ort.Tensor(entry.type, values, entry.shape);
}

export function readFloats(folder, entry) {
    const bytes = fs.readFileSync(path.join(folder, entry.file));
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

export function session(ort, model, options = {}) {
    return ort.InferenceSession.create(model, {
        intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3, executionProviders: ['cpu'], ...options,
    });
}

#!/bin/sh
# Prints the table "Quantized accuracy" of README.md: top-1 of the sample models on the 10,000 test images.
# Weights per channel, symmetric; activations per tensor, asymmetric; both ranges by least squared error, from
# 512 training images; nothing is kept in float.
#   sample_models/accuracy_table.sh [bitwright-cli] [folder with the Fashion-MNIST IDX files]
set -eu
here=$(dirname "$0")
cli=${1:-$here/../build/release/bin/bitwright-cli}
data=${2:-/usr/share/datasets/fashion-mnist}

# top1 MODEL WEIGHT_BITS ACTIVATION_BITS: "float quantized" in percent
top1() {
    "$cli" evaluate "$here/$1.pt" --data "$data" --split test --batch 100 --quiet --json - \
        --weights "$2:symmetric:channel:mse" --activations "$3:asymmetric:tensor:mse" |
        /usr/bin/python3 -c 'import json, sys
r = json.load(sys.stdin)
assert r["float"]["samples"] == 10000, "not the 10,000 test images"
print("%.2f %.2f" % (100 * r["float"]["top1"], 100 * r["quantized"]["top1"]))'
}

echo "| model | float | W8A8 | W6A6 | W4A8 | W4A4 |"
echo "|---|---:|---:|---:|---:|---:|"
for model in mlp cnn dwcnn vit lstm; do
    row=""
    for bits in "8 8" "6 6" "4 8" "4 4"; do
        # shellcheck disable=SC2086
        pair=$(top1 "$model" $bits)
        [ -n "$row" ] || row="| \`$model\` | ${pair% *} %"
        row="$row | ${pair#* } %"
    done
    echo "$row |"
done

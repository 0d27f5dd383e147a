#!/usr/bin/env bash
# lock.sh [--upgrade]: write deploy/locks/EXTRA.txt, one for each extra of pyproject.toml, every package with its
# version and hashes and no address of an index. Versions that are locked already stay unless --upgrade is given.
# `dev` comes first and binds the others, so that one virtual environment can hold several of them.
set -euo pipefail
cd "$(dirname "$0")/.."
tool=$(mktemp -d); trap 'rm -rf "$tool"' EXIT
python3 -m venv "$tool"
"$tool/bin/python" -m pip install -q uv==0.13.9

for extra in dev local intake ocr validator notifier; do
  [[ $extra == dev ]] && bind=() || bind=(--constraint deploy/locks/dev.txt)
  "$tool/bin/uv" pip compile -q pyproject.toml deploy/locks/build.in --extra "$extra" -o "deploy/locks/$extra.txt" \
    --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
    --custom-compile-command "make lock" "${bind[@]}" "$@"
done

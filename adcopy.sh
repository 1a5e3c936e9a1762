#!/usr/bin/env bash
# Ad Copy without a webui.
# Usage: ./adcopy.sh [studio options] | test [quick|a1111|forge] [pytest options] | <command of python -m lib_adcopy>
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

find_python() {
    local name
    for name in "${ADCOPY_PYTHON:-}" python3.11 python3.10 python3.12 python3; do
        if [ -n "$name" ] && "$name" -c 'import sys, venv; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "Ad Copy needs Python 3.10 to 3.13 with venv (Debian, Ubuntu: sudo apt install python3-venv)." >&2
    exit 2
}

# What is installed for what it carries and not for what it depends on.
bare=lib_adcopy/hosts/standalone/no-deps.txt

# environment FOLDER REQUIREMENTS...: made once, and again when what it needs has changed. The
# first file is installed; the others are those it includes.
environment() {
    local folder=$1 requirements=$2 mark
    shift
    mark="$folder/.made-for"
    if [ ! -f "$mark" ] || ! cat "$@" "$bare" | cmp -s - "$mark"; then
        echo "Ad Copy: preparing $folder (once; this takes a few minutes)" >&2
        [ -x "$folder/bin/python" ] || "$(find_python)" -m venv "$folder"
        local pip=("$folder/bin/python" -m pip install --quiet --disable-pip-version-check)
        "${pip[@]}" -r "$requirements" >&2
        "${pip[@]}" --no-deps -r "$bare" >&2
        cat "$@" "$bare" > "$mark"
    fi
}

# overlay FOLDER REQUIREMENTS PYTHON: packages in a folder of their own, without what they depend on.
overlay() {
    if ! cmp -s "$2" "$1/.made-for"; then
        rm -rf "$1"
        "$3" -m pip install --quiet --disable-pip-version-check --no-deps --target "$1" -r "$2" >&2
        cp "$2" "$1/.made-for"
    fi
}

# Where Forge's gradio can differ from the studio's: what a request may name, and the gallery's files.
gradio_tests=(tests/ui/test_hand_made_requests.py tests/ui/test_shared_webui.py tests/ui/test_studio_pictures.py)
# Packages that need neither torch nor a page; their tests take under a minute.
quick=(domain copywriting prompting creative photo storage i18n cli)

run_tests() {
    local which=${1:-all} flavour python failed=0
    [ $# -eq 0 ] || shift
    for flavour in a1111 forge; do
        [ "$which" = all ] || [ "$which" = "$flavour" ] || [ "$which" = quick -a "$flavour" = a1111 ] || continue
        environment ".venv-test-$flavour" "tests/requirements/$flavour.txt" tests/requirements/common.txt
        python=".venv-test-$flavour/bin/python"
        # A file's tests stay on one worker, so that a page or a model made for them is made once.
        local pytest=("$python" -m pytest -n 2 --dist loadfile --no-loadscope-reorder --durations 20 "$@")
        if [ "$which" = quick ]; then
            "${pytest[@]}" tests/unit/test_*.py $(cd tests/unit && ls -d "${quick[@]}" 2>/dev/null | sed 's|^|tests/unit/|') || failed=1
        elif [ "$flavour" = a1111 ]; then
            "$python" -m ruff check . || failed=1
            "$python" -m mypy || failed=1
            # The starter's texts in the page cannot differ between the two: they are tested under the studio's.
            "${pytest[@]}" tests --ignore tests/ui/test_studio_starter.py || failed=1
        else
            # Only what touches transformers or gradio can differ under the other pins.
            "${pytest[@]}" tests/ui tests/hosts tests/golden || failed=1
            overlay .venv-test-forge/forge-gradio tests/requirements/forge-gradio.txt "$python"
            PYTHONPATH="$PWD/.venv-test-forge/forge-gradio" "${pytest[@]}" "${gradio_tests[@]}" || failed=1
        fi
    done
    return $failed
}

case "${1:-studio}" in
test)
    shift
    run_tests "$@"
    ;;
*)
    environment .venv lib_adcopy/hosts/standalone/requirements.txt
    if [ $# -eq 0 ] || [ "${1#-}" != "$1" ]; then set -- studio --browser "$@"; fi
    exec .venv/bin/python -m lib_adcopy "$@"
    ;;
esac

"""Any bytes in words.csv or styles.csv: words and styles that can be used, and never an error."""

from __future__ import annotations

import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib_adcopy.prompting.glossary.glossary import KINDS, load_glossary
from lib_adcopy.prompting.styles.webui_styles import read_webui_styles

quickly = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
cells = st.text(max_size=12) | st.sampled_from([*KINDS, "zh", "en", "name", "{prompt}", "<lora:x:1e999>", "\0", '"'])
tables = st.lists(st.lists(cells, max_size=6), max_size=6)


def written(file, heading, table, quoted):
    held = io.StringIO()
    if quoted:
        csv.writer(held, escapechar="\\").writerows([heading, *table])
    else:
        held.write("\n".join(",".join(row) for row in [heading, *table]))
    file.write_bytes(held.getvalue().encode("utf-8", "surrogatepass"))
    return file


@quickly
@given(tables, st.booleans(), st.sets(st.sampled_from(["zh", "en", "kind", "count", "category"]), min_size=1))
def test_any_words_of_the_users(tmp_path, table, quoted, heading):
    glossary = load_glossary(written(tmp_path / "words.csv", sorted(heading), table, quoted))
    assert "".join(piece.text for piece in glossary.split("红色连衣裙zh,x")) == "红色连衣裙zh,x"
    assert all(problem.text("zh") and problem.text("en") for problem in glossary.problems)


@quickly
@given(tables, st.booleans())
def test_any_styles_of_a_webui(tmp_path, table, quoted):
    file = written(tmp_path / "styles.csv", ["name", "prompt", "negative_prompt"], table, quoted)
    for style in read_webui_styles([file]):
        assert style.name
        assert not set("<>") & set(style.before + style.positive + style.negative)


@quickly
@given(st.binary(max_size=120))
def test_any_bytes(tmp_path, content):
    (tmp_path / "a.csv").write_bytes(content)
    read_webui_styles([tmp_path / "a.csv"])
    load_glossary(tmp_path / "a.csv")

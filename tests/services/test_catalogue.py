"""The one catalogue: complete, clean, in the ward's own terms, and stable under `make catalogue`."""

import ast
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app.domain.texts import Text, say
from app.services.words import catalogue as catalogue_module
from app.services.words.words import Words

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "resources" / "i18n" / "zh_CN" / "LC_MESSAGES" / "bedside.po"
HAN = "\u4e00-\u9fff"
#: Half-width marks where Chinese wants full-width ones; Latin letters and digits without a space beside Chinese.
HALF_WIDTH = rf"[{HAN}][,.;:?!()\[\]]|[,;:?!()\[\]][{HAN}]|[\"']|\.\.\."
CLOSE_UP = rf"[{HAN}][A-Za-z0-9×]|[A-Za-z0-9%×][{HAN}]"

#: Latin words that a Chinese text may hold: names, units, codes, what is typed as it stands.
NAMES = """
NEWS2 NIBP SpO₂ CTCAE DMSO DLT SHA UTC Unicode kg mg mL mmHg kPa PIN PDF CSV USB U COM3 F12 README TOML Debian
DISPLAY Xvfb Bedside GE Datex Ohmeda S Noto Sans CJK SC MSC Philips IntelliVue Efficia CM Mindray PDS Comen
Edan Masimo Rad Radical Nellcor N x GMP Nonin Xpod Contec Berry BCI Dräger Evita Apollo Mettler Toledo Ohaus
Sartorius DtOut1 GTIN FNC1 ISBT GS1 HL7 MLLP MIB RS RJ DB9 TCP MEDIBUS MT SICS ASCII Data Out SEr AS1 LF CR
Kaplan Meier Greenwood CAR T ECOG QTcF NYHA g L dL UTF
MB GB
ICAHT NK APTT INR CRP LDH CSV PLT ANC Hb ICS QR ULN LLN CR PR OR MTD Storer Korn
AIM GS Caps Lock Nihon Kohden Biolight OBX RES STA SureSigns VS2 VM DINAMAP Compact Pro ProCare CARESCAPE V100 DROP ms ESP32 Arduino
brltty
SBAR A B R
"""
LATIN = set(NAMES.split())
#: Names of models and connectors: capitals and a number.
NUMBERED = re.compile(r"[A-Z]{1,3}[0-9]+[A-Za-z]?")
#: Commands, paths and file names that stand in a text as one types them.
TYPED = (
    "bedside verify --head", "bedside verify --founder", "bedside verify", "bedside rebuild",
    "bedside practice", "xvfb-run make run", "make run", "make env",
    "--tcp 0", "--head", "--infusion", "--cells-per-bag", "--bag", "--protocol", "record.json", "unplug@20", "/dev/ttyUSB0",
    "19200,8,N,1", "19200,8,E,1,rtscts",
    "listen://:端口", "socket://主机:端口", "socket://主机:4601", "socket://", "fonts-noto-cjk", "0–9、a–f",
)  # fmt: skip

#: English word (whole words, any case) → what its Chinese must hold. From the glossary of the trial's terms.
GLOSSARY: dict[str, str] = {
    r"infusions?": "输注",
    r"drip rate": "滴速",
    r"drops/min": "滴/分",
    r"drops/ml": "滴/mL",
    r"drops per ml": "每毫升滴数",
    r"ml": "mL|毫升|余液|剩余量|用量",
    r"giving sets?": "输液器",
    r"clamp": "流量调节器",
    r"bags?": "袋",
    r"lot": "批号",
    r"expiry|expires": "有效期",
    r"cells": "细胞",
    r"viability": "活率",
    r"viable cells": "活细胞数",
    r"thaw(ed|ing)?|unthawed": "复苏",
    r"hang|hangs|hung": "挂",
    r"releases?|released": "放行",
    r"dispense": "发放",
    r"receives?|received": "接收",
    r"hand over|handed over": "交接",
    r"destroy(ed)?": "销毁",
    r"left over": "余液",
    r"set aside": "隔离",
    r"reject(ed)?": "拒收",
    r"pharmacist": "药师",
    r"nurse": "护士",
    r"investigator": "研究者",
    r"witness(ed)?": "见证",
    r"subject": "受试者",
    r"patient": "患者",
    r"wristband": "腕带",
    r"ward": "病区",
    r"bed": "床",
    r"group": "组",
    r"verif(y|ied)": "核对",
    r"identity": "身份",
    r"pre-medication": "用药",
    r"dexamethasone": "地塞米松",
    r"allerg(y|ies)": "过敏",
    r"vital signs|vitals": "生命体征",
    r"temperature": "体温",
    r"pulse rate": "脉率",
    r"heart rate": "心率",
    r"respiratory rate": "呼吸频率",
    r"blood pressure": "血压",
    r"systolic": "收缩压",
    r"diastolic": "舒张压",
    r"consciousness": "意识状态",
    r"oxygen": "吸氧|血氧",
    r"baseline": "基线",
    r"observation": "观察期",
    r"overdue": "超时",
    r"alarms?": "报警",
    r"high priority": "高优先级",
    r"acknowledge": "确认",
    r"monitor": "监护仪",
    r"reactions?": "不良反应",
    r"chills": "寒战",
    r"fever": "发热",
    r"rash": "皮疹",
    r"urticaria": "荨麻疹",
    r"nausea": "恶心",
    r"vomiting": "呕吐",
    r"headache": "头痛",
    r"shortness of breath": "呼吸困难",
    r"outcome": "转归",
    r"deviations?": "偏离",
    r"reason": "理由",
    r"sign(ed|ature|atures)?": "签",
    r"pause[ds]?": "暂停",
    r"resume[d]?": "恢复",
    r"stop(ped)? for good": "终止",
    r"step(ped)? up": "提高",
    r"flush(ed)?": "冲管",
    r"certificates?": "检验报告",
    r"lock": "锁",
    r"settings?": "设置",
    r"protocol": "方案|协议|\\{protocol\\}",
    r"doses?": "剂",
    r"weights?": "体重",
    r"PIN": "PIN 码",
    r"hash(es)?": "哈希",
    r"chain head": "链首",
    r"samples": "采样",
    r"taps?": "点按",
    r"late": "迟测|超时",
    r"missed": "漏测",
}
#: Where the English word means something else.
OTHERWISE: dict[str, set[str]] = {
    "hang|hangs|hung": {"Event 1 does not hang on the beginning of this record: it was put in from elsewhere."},
    "receives?|received": {"nothing received"},
    "pre-medication": {"start before the pre-medication's time is over"},
    "verif(y|ied)": {
        "The events of the store form a chain of hashes: a changed, missing or added event changes its head. “bedside "
        "verify --head” checks the store against the head printed here.",
        "Have the record examined: bedside verify.",
        "Events were added to the record without the program, up to event {seq}. Have the record examined: bedside verify.",
        "The record does not hold the last event it should hold, number {seq}. It goes on, and what is missing stays "
        "visible. Have the record examined: bedside verify.",
        "Your password opens the record, but not your own key: what is kept of it was changed. Have the record examined: bedside "
        "verify. An administrator gives you a new password; until then take emergency access.",
        "{n} events of accounts or rules cannot be read and are left out. Have the record examined: bedside verify.",
    },
    "monitor": {"Study monitor"},
    "reactions?": {"Acute reactions are watched for {hours} h, until"},
    "reason": {"other reason"},
    "sign(ed|ature|atures)?": {
        "Each vital sign once.",
        "{person_id} signed in",
        "{person_id} signed out",
        "Sign in",
        "Sign in first.",
        "For vital signs, a reaction, a pause or a stop when nobody can sign in. It is recorded.",
    },
}


@cache
def extracted() -> frozenset[str]:
    """All texts as `make catalogue` finds them: its mapping, its keyword, its folders."""
    recipe = re.search(r"extract -F (\S+) --no-default-keywords -k (\S+) .*?\.pot ([\w ]+)\n", _makefile(), re.DOTALL)
    assert recipe is not None, "the Makefile's extract line has changed: teach this test"
    mapping, keyword, folders = recipe.groups()
    with (ROOT / mapping).open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    return frozenset(
        str(found[2]) for folder in folders.split() for found in extract_from_dir(ROOT / folder, methods, options, {keyword: None})
    )


def _makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


@cache
def catalogue() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="zh_CN", abort_invalid=True)


def pairs() -> list[tuple[str, str]]:
    """English and Chinese; what is untranslated is told by its own test."""
    return [(str(m.id), str(m.string)) for m in catalogue() if m.id and m.string]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def bare(text: str) -> str:
    """Without its places and without what is typed as it stands."""
    for typed in TYPED:
        text = text.replace(typed, "□")
    return re.sub(r"\{\w*\}", "□", text)


def test_every_text_is_translated() -> None:
    messages = {str(m.id): m for m in catalogue() if m.id}
    missing = {msgid for msgid in extracted() if msgid not in messages or not messages[msgid].string}
    assert not missing, f"run make catalogue and translate: {sorted(missing)}"


def test_no_text_stands_where_the_extraction_does_not_look() -> None:
    """Such as inside an f-string."""
    trees = (
        ast.parse(file.read_text(encoding="utf-8")) for top in ("app", "ui", "db", "devices") for file in (ROOT / top).rglob("*.py")
    )
    calls = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node) == "say" and node.args)
    said = {str(text.value) for call in calls if isinstance(text := call.args[0], ast.Constant)}
    assert len(said) > 1000
    assert said - extracted() == set()


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def test_nothing_is_fuzzy_or_plural() -> None:
    assert not catalogue().fuzzy
    assert not [m.id for m in catalogue() if m.id and (m.fuzzy or m.pluralizable or m.context)]


def test_nothing_dead_is_left() -> None:
    assert not catalogue().obsolete
    dead = {str(m.id) for m in catalogue() if m.id} - extracted()
    assert not dead, f"run make catalogue: {sorted(dead)}"


def test_places_are_the_same_in_both_languages() -> None:
    wrong = [(english, chinese) for english, chinese in pairs() if places(english) != places(chinese)]
    assert not wrong


def test_written_as_make_catalogue_writes_it() -> None:
    out = BytesIO()
    write_po(out, catalogue(), width=0, sort_output=True, no_location=True)
    assert out.getvalue() == PO.read_bytes(), "run make catalogue"


def no_names(text: str) -> set[str]:
    """The Latin words of a text that are no names."""
    words = set(re.findall(r"[A-Za-zÀ-ÖØ-öø-ÿ][A-Za-zÀ-ÖØ-öø-ÿ0-9₂]*", bare(text))) - LATIN
    return {word for word in words if not NUMBERED.fullmatch(word)}


def test_only_latin_words_that_stay_latin() -> None:
    wrong = {}
    for english, chinese in pairs():
        left = no_names(chinese)
        if left:
            wrong[english] = (chinese, left)
    assert not wrong


def test_something_chinese_in_every_text_with_words() -> None:
    """A text without Chinese is made of places, names and marks alone."""
    bare_ones = {e for e, c in pairs() if not re.search(f"[{HAN}]", c)}
    assert {e for e in bare_ones if no_names(e) - {"of", "ml", "C"}} == set()


def test_marks_are_full_width() -> None:
    """Next to a Chinese character stands no half-width mark, and no sentence ends in one."""
    wrong = []
    for english, chinese in pairs():
        shown = bare(chinese).replace("□主机:端口", "□")
        if re.search(HALF_WIDTH, shown) or re.search(r"[.?!:]\s*$", shown):
            wrong.append((english, chinese))
    assert not wrong


def test_sentences_end_as_sentences() -> None:
    wrong = [
        (english, chinese)
        for english, chinese in pairs()
        if (english.endswith(".") and not chinese.endswith("。")) or (chinese.endswith("。") and english[-1] not in ".}?")
    ]
    assert not wrong


def test_no_space_at_the_edge_that_english_does_not_have() -> None:
    assert not [(e, c) for e, c in pairs() if c != c.strip() and e == e.strip()]
    assert not [(e, c) for e, c in pairs() if "  " in c or re.search(rf"[，。：；？（）、] \S|[{HAN}] [{HAN}]", c)]


def test_chinese_and_latin_are_set_apart() -> None:
    """As the whole program does it: a space between Chinese and digits or Latin words, not before or after a mark."""
    wrong = [(e, c) for e, c in pairs() if re.search(CLOSE_UP, c)]
    assert not wrong


@pytest.mark.parametrize("term", GLOSSARY)
def test_terms_are_those_of_the_glossary(term: str) -> None:
    english_term = re.compile(rf"(?<![\w{{-])(?:{term})(?![\w}}-])", re.IGNORECASE)
    wanted = re.compile(GLOSSARY[term])
    allowed = OTHERWISE.get(term, set())
    wrong = [(e, c) for e, c in pairs() if english_term.search(e) and not wanted.search(c) and e not in allowed]
    assert not wrong


def test_the_same_words_are_said_the_same() -> None:
    """“Paused” and “paused” are one word in Chinese; “possible” is said of a set, “Possible” of a plan.

    “Received” and “Verified” are phases, “received” and “verified” what a signature means.
    """
    said: dict[str, set[str]] = {}
    for english, chinese in pairs():
        said.setdefault(english.lower(), set()).add(chinese)
    assert {english for english, found in said.items() if len(found) > 1} == {"possible", "received", "verified"}


def test_exceptions_are_still_needed() -> None:
    known = {msgid for msgid, _ in pairs()}
    assert {e for found in OTHERWISE.values() for e in found} <= known


@pytest.mark.parametrize("path", sorted((ROOT / "resources" / "protocols").glob("*.toml")), ids=lambda path: path.stem)
def test_a_protocol_file_speaks_as_the_catalogue_does(path: Path) -> None:
    texts = list(_bilingual(tomllib.loads(path.read_text(encoding="utf-8"))))
    assert texts
    assert not [x for x in texts if not re.search(f"[{HAN}]", x[1])]
    assert not [x for x in texts if x[0].endswith(".") != x[1].endswith("。")]
    assert not [x for x in texts if re.search(HALF_WIDTH, x[1]) or re.search(CLOSE_UP, x[1])]


def _bilingual(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if "en" in value and "zh" in value:
            yield value["en"], value["zh"]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _bilingual(item)


def test_words_speak_chinese_without_a_compiled_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "zh_CN" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "bedside.po").write_bytes(PO.read_bytes())
    monkeypatch.setattr(catalogue_module, "_I18N", tmp_path)
    words = Words("zh_CN")
    assert words.tr(say("Drip rate")) == "滴速"
    assert words.tr(say("Giving set chosen: {drop_factor} drops/ml", drop_factor=20)) == "选定输液器：20 滴/mL"
    assert words.tr(say("{first} or {second}", first=say("Nurse"), second=say("Pharmacist"))) == "护士或药师"
    assert words.tr(say("Weight {kg} kg", kg=Decimal("70.0"))) == "体重 70.0 kg"
    assert words.tr(Text("")) == ""
    assert words.age(75) == "1 分钟"
    assert words.tr(say("Not before {time}.", time=datetime(2026, 11, 22, 9, 15, tzinfo=UTC).astimezone())).startswith("不得早于")
    assert [p.name for p in folder.iterdir()] == ["bedside.po"]


def test_english_needs_no_catalogue() -> None:
    assert Words("en").tr(say("Drip rate")) == "Drip rate"


def test_no_byte_of_a_compiled_catalogue_stops_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "zh_CN" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    small, out = Catalog(locale="zh_CN"), BytesIO()
    small.add("Drip rate", "滴速")
    small.add("Weight {kg} kg", "体重 {kg} kg")
    write_mo(out, small)
    (folder / "bedside.po").write_bytes(b"\xff not a catalogue")
    monkeypatch.setattr(catalogue_module, "_I18N", tmp_path)
    whole, random = out.getvalue(), Random(5)
    for cut in range(1000):
        data = bytearray(whole)
        for _ in range(random.randrange(1, 5)):
            data[random.randrange(len(data))] = random.randrange(256)
        (folder / "bedside.mo").write_bytes(bytes(data[: random.choice((len(data), cut % len(data)))]))
        words = Words("zh_CN")
        assert words.tr(say("Drip rate"))
        assert words.tr(say("Weight {kg} kg", kg=Decimal("70.0")))

"""Reasons why a whole file is refused, with remedies, in English and Chinese.

Codes are stable, as they are stored in receipts and ``trust.loads``. ``{…}`` are details of the case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from followthrough.errors import FollowthroughError


@dataclass(frozen=True)
class Wording:
    """Message and remedy of a reason, in both languages."""

    message: str
    remedy: str
    message_zh: str
    remedy_zh: str


_AGAIN = ("export it again", "请重新导出")
_FILES = ("put the files themselves into the inbox", "请把里面的文件直接放进收件夹")

REFUSALS: Mapping[str, Wording] = {
    "empty": Wording("the file is empty", _AGAIN[0], "文件是空的", _AGAIN[1]),
    "unreadable_format": Wording(
        "the file is {what}", "export it as CSV or xlsx", "文件是{what_zh}", "请导出为 CSV 或 xlsx"
    ),
    "undecodable": Wording(
        "line {line} is neither UTF-8 nor GB18030",
        "export it again; do not edit it with a tool that changes its encoding",
        "第 {line} 行既不是 UTF-8 也不是 GB18030",
        "请重新导出，不要用会改编码的软件打开保存",
    ),
    "nul_bytes": Wording(
        "NUL byte after line {line}", "export the file again", "第 {line} 行之后有空字节", _AGAIN[1]
    ),
    "broken_archive": Wording(
        "the archive cannot be opened: {why}",
        "download it again, whole",
        "压缩包打不开：{why}",
        "请重新下载完整的压缩包",
    ),
    "encrypted_archive": Wording(
        "the archive asks for a password",
        "unpack it and " + _FILES[0],
        "压缩包有密码",
        "请解压后，" + _FILES[1],
    ),
    "hostile_archive": Wording(
        "the archive holds {member}, which {why}",
        "do not use this archive; " + _FILES[0],
        "压缩包里的 {member} 不安全（{why_zh}）",
        "不要使用这个压缩包，" + _FILES[1],
    ),
    "oversized_archive": Wording(
        "the archive unpacks to more than {limit}",
        "split the export into smaller periods",
        "压缩包解开后超过 {limit}",
        "请按更短的时间段分开导出",
    ),
    "empty_archive": Wording("the archive holds no file", _AGAIN[0], "压缩包里没有文件", _AGAIN[1]),
    "nested_archive": Wording(
        "the file is an archive within an archive", _FILES[0], "压缩包里还有压缩包", _FILES[1]
    ),
    "broken_workbook": Wording(
        "the workbook cannot be read: {why}", _AGAIN[0], "工作簿读不出来：{why}", _AGAIN[1]
    ),
    "encrypted_workbook": Wording(
        "the workbook asks for a password",
        "open it, save it without the password, and deliver that",
        "工作簿有密码",
        "请打开后去掉密码另存，再放进来",
    ),
    "oversized_workbook": Wording(
        "the workbook has more than {limit}",
        "export it as CSV, or a shorter period",
        "工作簿超过 {limit}",
        "请导出为 CSV，或缩短时间段",
    ),
    "several_tables": Wording(
        "the workbook has more than one table: {sheets}",
        "keep one sheet per file",
        "工作簿里不止一张数据表：{sheets}",
        "请每个文件只留一张表",
    ),
    "unknown_file": Wording(
        "no declared export looks like this file",
        "check that it is the export you meant",
        "没有哪一种导出是这个样子",
        "请确认导出的是不是这张表",
    ),
    "unknown_layout": Wording(
        "nearest is {slug} ({label}), but it lacks: {missing}{renamed}",
        "export it again with these columns, or declare the new layout",
        "最像 {label}（{slug}），但缺少列：{missing}{renamed_zh}",
        "请重新导出并勾选这些列；如果是平台改了列名，请告诉数据同事",
    ),
    "missing_field": Wording(
        "no row has the field {field}, in which the source {source} says {question} is asked",
        "mend form.{question} of the source in sources.toml, or put the file into the inbox of its own form",
        "没有一行有字段 {field}，而数据源 {source} 写明用它填 {question}",
        "请改正 sources.toml 里该数据源的 form.{question}，或把文件放进它自己的表单的收件夹",
    ),
    "missing_column": Wording(
        "the file lacks: {missing}{renamed}",
        "export it with these columns",
        "文件缺少列：{missing}{renamed_zh}",
        "请重新导出并勾选这些列",
    ),
    "doubtful_column": Wording(
        "the file has {column} more than once, and not where it is known to stand",
        "export it with the columns in their usual order",
        "文件里有多个「{column}」列，位置也和平时不同",
        "请按默认的列顺序重新导出",
    ),
    "wrong_source": Wording(
        "this is {label} ({slug}), but {source} is a source of {platform}",
        "move it to the inbox of a {right} source",
        "这是{label}（{slug}），不是 {source} 的文件",
        "请放到 {right} 的收件夹",
    ),
    "broken_json": Wording("the file is no valid JSON", _AGAIN[0], "文件不是正确的 JSON", _AGAIN[1]),
    "doubled_key": Wording(
        "{answers} of its answers hold the same key twice around their records",
        "pull it again",
        "其中 {answers} 条在数据之外同一个键出现两次",
        "请重新拉取",
    ),
    "error_answer": Wording(
        "{answers} of its answers are errors of the platform",
        "pull it again; see the answer's code in the vendor's documentation",
        "其中 {answers} 条是平台返回的错误",
        "请重新拉取；错误码的含义见平台文档",
    ),
    "unreadable_rows": Wording(
        "the rows cannot be read: {why}", "export the file again", "数据行读不出来：{why}", _AGAIN[1]
    ),
    "footer_missing": Wording(
        "the closing line '{footer}…' is missing",
        "download the whole file again",
        "缺少结尾的「{footer}…」行，文件不完整",
        "请重新下载完整的文件",
    ),
    "lines_lost": Wording(
        "of {lines} lines {lost} could not be accounted for",
        "export the file again; a quote may not be closed",
        "{lines} 行中有 {lost} 行对不上",
        "请重新导出；可能有引号没有成对",
    ),
    "rows_lost": Wording(
        "of {rows} rows some are unaccounted for",
        "report this file",
        "{rows} 行中有的去向不明",
        "请把这个文件报给数据同事",
    ),
}


class FileRefused(FollowthroughError):
    """A file is refused as a whole; other files are not affected.

    ``code`` is one of REFUSALS; ``details`` fill its wording. ``words`` is stored in the receipt.
    """

    def __init__(self, code: str, **details: Any) -> None:
        self.code = code
        wording = REFUSALS[code]
        self.words = {
            "code": code,
            "message": wording.message.format(**details),
            "remedy": wording.remedy.format(**details),
            "message_zh": wording.message_zh.format(**details),
            "remedy_zh": wording.remedy_zh.format(**details),
        }
        super().__init__(self.words["message"], self.words["remedy"])

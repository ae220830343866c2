"""A file is parsed again when it, or the link that leads to it, has changed."""

from followthrough.index import files
from followthrough.index.files import parsed


def test_a_file_is_parsed_once_until_it_changes(tmp_path, settle):
    path, calls = tmp_path / "manifest.json", []

    def parse(text):
        calls.append(text)
        return text.upper()

    path.write_text("one")
    settle()
    assert [parsed(path, parse), parsed(path, parse)] == ["ONE", "ONE"]
    path.write_text("two")
    settle()
    assert [parsed(path, parse), parsed(path, parse)] == ["TWO", "TWO"]
    assert calls == ["one", "two"]


def test_a_link_that_leads_elsewhere_is_followed(tmp_path, settle):
    for name in ("1", "2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text(name)
    link = tmp_path / "current"
    settle()
    for name in ("1", "2", "1"):
        link.unlink(missing_ok=True)
        link.symlink_to(name)
        assert parsed(link / "manifest.json", str) == name


def test_only_the_last_few_are_kept(tmp_path, forget, settle):
    forget()
    for number in range(20):
        (tmp_path / f"{number}").touch()
    settle()
    for number in range(20):
        parsed(tmp_path / f"{number}", str)
    assert [path.name for path in files._known] == [f"{n}" for n in range(20 - files._MOST, 20)]

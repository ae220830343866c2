"""Every declared export, and its good and bad files under fixtures/."""

from pathlib import Path

from followthrough import platforms

EXPORTS = platforms.exports()
FIXTURES = Path(__file__).parent.parent / "fixtures"


def fixture(export, kind):
    """The content of an export's ``good`` or ``bad`` file."""
    (path,) = FIXTURES.joinpath(export.platform).glob(f"{export.name}.{kind}.[!t]*")
    return path.read_bytes()

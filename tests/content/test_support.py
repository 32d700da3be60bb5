"""End of support: sound data, and the right product for what tools really write."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mspaudit.content.support import matched, products

SEEN = [
    ("Microsoft Windows 10 Professionnel", "22H2", "windows-10"),
    ("Microsoft Windows 10 Pro", "10.0.19045", "windows-10"),
    ("Windows 10", "", "windows-10"),
    ("Microsoft Windows 10 Famille", "1909", "windows-10-older"),
    ("Microsoft Windows 10 Entreprise", "10.0.19044", "windows-10-older"),
    ("Microsoft Windows 10 Entreprise LTSC", "21H2", "windows-10-ltsc-2021"),
    ("Microsoft Windows 10 IoT Enterprise LTSC", "21H2", "windows-10-iot-ltsc-2021"),
    ("Microsoft Windows 10 Entreprise LTSC", "1809", "windows-10-ltsc-2019"),
    ("Microsoft Windows 10 Entreprise 2016 LTSB", "1607", "windows-10-ltsb-2016"),
    ("Microsoft® Windows® 11 Professionnel", "23H2", "windows-11-23h2"),
    ("Microsoft Windows 11 Professionnel", "24H2", "windows-11-24h2"),
    ("Microsoft Windows 11 Entreprise", "24H2", "windows-11-24h2-enterprise"),
    ("Microsoft Windows 11 Éducation", "23H2", "windows-11-23h2-enterprise"),
    ("Windows 11 Pro 64-bit", "10.0.26200.6584", "windows-11-25h2"),
    ("Windows 11 Home 10.0.22631.4317", "", "windows-11-23h2"),
    ("Microsoft Windows 11 Enterprise LTSC 2024", "24H2", "windows-11-ltsc-2024"),
    ("Microsoft Windows 8.1 Professionnel", "6.3.9600", "windows-8.1"),
    ("Microsoft Windows 8 Pro", "6.2.9200", "windows-8"),
    ("Microsoft Windows 7 Professionnel", "6.1.7601", "windows-7"),
    ("Microsoft Windows XP Professional", "5.1.2600", "windows-xp"),
    ("Microsoft Windows Server 2016 Standard", "1607", "windows-server-2016"),
    ("Microsoft Windows Server 2019 Standard", "1809", "windows-server-2019"),
    ("Microsoft Windows Server 2022 Datacenter", "21H2", "windows-server-2022"),
    ("Microsoft Windows Server 2025 Standard", "24H2", "windows-server-2025"),
    ("Microsoft Windows Server 2012 R2 Essentials", "6.3.9600", "windows-server-2012-r2"),
    ("Microsoft Windows Server 2012 Standard", "", "windows-server-2012"),
    ("Windows Server 2008 R2", "", "windows-server-2008-r2"),
    ("Debian GNU/Linux 12 (bookworm)", "12", "debian-12"),
    ("Debian GNU/Linux", "11.9", "debian-11"),
    ("Ubuntu 22.04.3 LTS", "22.04", "ubuntu-22.04"),
    ("Ubuntu", "20.04", "ubuntu-20.04"),
    ("CentOS Linux 7 (Core)", "7", "centos-7"),
    ("macOS", "13.6.1", "macos-13"),
    ("macOS Monterey", "12.7.6", "macos-12"),
    ("Mac OS X", "10.15.7", "macos-10"),
    ("macOS 15.1", "", "macos-15"),
    ("VMware ESXi", "7.0.3", "esxi-7"),
    ("FortiOS", "v7.2.8,build1639", "fortios-7.2"),
    ("FortiGate 60F FortiOS 7.4.4", "", "fortios-7.4"),
    ("FortiOS", "7.0.15", "fortios-7.0"),
    ("Microsoft Office Professionnel Plus 2016", "16.0", "office-2016"),
    ("Microsoft Office Standard 2021", "", "office-2021"),
    ("Microsoft SQL Server Express 2017", "", "sql-server-2017"),
    ("Exchange Server 2019", "", "exchange-2019"),
    ("Veeam Backup & Replication 12.1", "", "veeam-12"),
]
UNSURE = [
    ("Microsoft Windows 11 Professionnel", ""),
    ("Microsoft Windows 11 Entreprise", "26H2"),
    ("Microsoft Windows 10 Entreprise LTSC", ""),
    ("macOS", "14.5"),
    ("Ubuntu", "24.10"),
    ("Microsoft 365 Business Standard", ""),
    ("Android", "13"),
    ("Imprimante Windows", ""),
    ("", ""),
    ("DSM", "7.2"),
]


@pytest.mark.parametrize(("name", "version", "key"), SEEN)
def test_what_a_tool_writes_names_its_product(name: str, version: str, key: str) -> None:
    found = matched(name, version)
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize(("name", "version"), UNSURE)
def test_what_is_not_sure_has_no_product(name: str, version: str) -> None:
    assert matched(name, version) is None


@given(st.text(), st.text(max_size=30))
def test_any_text_is_read(name: str, version: str) -> None:
    found = matched(name, version)
    assert found is None or found.key in products()


def test_every_product_is_reached_and_says_where_its_date_comes_from() -> None:
    assert {key for *_words, key in SEEN} <= products().keys()
    for key, product in products().items():
        assert product.key == key
        assert product.source.startswith("https://")
        assert product.seen_on >= date(2026, 11, 21)
        if product.paid_until:
            assert product.until
            assert product.paid_until > product.until
            assert product.paid_name


def test_microsoft_ends_its_windows_on_a_tuesday() -> None:
    """A date one day off would call a machine obsolete while it is still corrected."""
    ends = {p.key: p.until for p in products().values() if p.key.startswith("windows-1") and p.until}
    assert {key for key, until in ends.items() if until.weekday() != 1} == set()


def test_a_product_is_supported_on_its_last_day_and_not_the_next() -> None:
    windows = products()["windows-10"]
    assert windows.supported(date(2025, 10, 14))
    assert not windows.supported(date(2025, 10, 15))
    assert windows.supported(date(2026, 11, 22), bought_until=date(2027, 10, 12))
    assert not windows.supported(date(2027, 10, 13), bought_until=date(2027, 10, 12))
    assert not products()["windows-7"].supported(date(2026, 1, 1), bought_until=date(2030, 1, 1))
    assert products()["macos-26"].supported(date(2026, 11, 22))

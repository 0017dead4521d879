"""`make mutants-all`: what survives is reported; what is equivalent has a reason."""

from workbook.stages import ROOT
from workbook.suite import mutation

AGES = "def of_age(age):\n    return age >= 18\n\n\ndef small(age):\n    return age < 6\n"
TESTS = """
import ages

def test_of_age_at_its_border():
    assert ages.of_age(18) and not ages.of_age(17)

def test_small_far_from_its_border():
    assert ages.small(2) and not ages.small(90)
"""


def test_what_no_test_notices_survives(monkeypatch):
    def small_tree(folder):
        (folder / "ages.py").write_text(AGES)
        (folder / "test_ages.py").write_text(TESTS)

    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # it starts much quicker
    count, alive = mutation.survivors("ages.py", ["test_ages.py"], small_tree)
    assert count > len(alive) > 0
    assert "ReplaceComparisonOperator_Lt_LtE" in {one.operator for one in alive}
    assert {one.line.partition("<")[0] for one in alive} == {"return age "}


def test_the_list_names_modules_and_tests_that_exist():
    known = mutation.read()
    assert known["module"]
    for module in known["module"]:
        assert (ROOT / module["path"]).is_file()
        assert all((ROOT / path).exists() for path in module["tests"])


def test_every_equivalent_has_a_reason_and_its_module_is_mutated():
    known = mutation.read()
    modules = {module["path"] for module in known["module"]}
    for entry in known["equivalent"]:
        assert entry["path"] in modules
        assert len(entry["why"]) > 20, entry

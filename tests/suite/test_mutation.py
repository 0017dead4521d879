"""`make mutants-all`: what survives is reported; what is equivalent has a reason."""

import pytest

from workbook.stages import ROOT
from workbook.suite import mutation

AGES = "def of_age(age):\n    return age >= 18\n"
HALF = "import ages\n\n\ndef test_it():\n    assert ages.of_age(30)\n"
WHOLE = f"{HALF}    assert ages.of_age(18)\n    assert not ages.of_age(17)\n"


@pytest.mark.parametrize(("tests", "operators"), [(HALF, {"GtE_Gt"}), (WHOLE, set())])
def test_what_no_test_notices_survives(tests, operators):
    def small_tree(folder):
        (folder / "ages.py").write_text(AGES)
        (folder / "test_ages.py").write_text(tests)

    count, alive = mutation.survivors("ages.py", ["test_ages.py"], small_tree)
    found = {one.operator.removeprefix("ReplaceComparisonOperator_") for one in alive}
    assert count >= 3
    assert operators <= found
    assert bool(alive) is bool(operators)
    assert all("18" in one.diff for one in alive)


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

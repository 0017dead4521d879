"""The learner's tests are run with right code and with wrong code (code.toml)."""

TESTS = "bell.tests"


def test_right_code_passes(work):
    from workbook.exercises.checking.trials import right_code_passes

    right_code_passes(work, TESTS)


def test_wrong_code_is_noticed(work):
    from workbook.exercises.checking.trials import wrong_code_is_noticed

    wrong_code_is_noticed(work, TESTS)

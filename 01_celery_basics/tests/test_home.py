"""The front page of stage 1."""


def test_the_page_offers_every_button_and_loads_nothing_from_elsewhere(client):
    page = client.get("/").content.decode()
    for words in ("In the request", "As a task", "Write the report", "Send the crowd"):
        assert words in page
    assert "https://" not in page


def test_the_report_is_missing_until_it_is_written_and_then_there(client, data_dir):
    assert client.get("/reports/students-by-age.txt").status_code == 404
    (data_dir / "reports").mkdir()
    (data_dir / "reports" / "students-by-age.txt").write_text("Pedro, 14\n")
    answer = client.get("/reports/students-by-age.txt")
    assert b"".join(answer.streaming_content) == b"Pedro, 14\n"

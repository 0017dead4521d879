"""What keeps somebody from using a page, as axe finds it in each of its looks."""

from axe_core_python.sync_playwright import Axe

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
# Colours are all that changes with the scheme; a phone changes the rest.
COLOURS = {"runOnly": ["color-contrast"]}
LOOKS = {
    "light": ("light", DESK, None),
    "dark": ("dark", DESK, COLOURS),
    "phone": ("dark", PHONE, None),
}


def barriers(page) -> list[str]:
    """Look at the page that is open, without loading it again; put its look back."""
    before, found = page.viewport_size, []
    for look, (scheme, size, options) in LOOKS.items():
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        for problem in Axe().run(page, options=options)["violations"]:
            places = [node["html"][:120] for node in problem["nodes"]]
            found.append(f"{page.url} {look}: {problem['help']}: {places}")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{page.url} {look}: it is wider than the screen")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(before)
    return found

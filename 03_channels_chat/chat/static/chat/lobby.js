// The browser's own autofocus comes only when the page is first drawn. Whoever types at
// once would lose a key, and with it the room's name.
"use strict";

document.getElementById("room-name-input").focus();

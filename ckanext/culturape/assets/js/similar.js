/* Shows, while a need is typed, what resembles it; without it the next step shows the same. */
(function () {
  "use strict";

  function start() {
    var title = document.querySelector("[data-culturape-similar]");
    var box = document.getElementById("culturape-similar");
    var description = document.getElementById("field-description");
    var timer = 0;
    var asked = 0;
    if (!title || !box) { return; }

    function look() {
      var number = asked += 1;
      var text = (title.value + " " + description.value).trim().slice(0, 600);
      if (text.length < 8) { box.textContent = ""; return; }
      fetch(title.dataset.culturapeSimilar + "?q=" + encodeURIComponent(text))
        .then(function (answer) { return answer.ok ? answer.text() : ""; })
        /* An answer that comes late is not shown over a newer one. */
        .then(function (html) { if (number === asked) { box.innerHTML = html; } })
        .catch(function () { box.textContent = ""; });
    }

    [title, description].forEach(function (control) {
      control.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(look, 400); });
    });
    look();
  }

  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", start); } else { start(); }
})();

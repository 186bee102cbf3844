// Tells how strong a new password is while it is typed. Without it the page works as well: whatever is too weak is refused with the same advice.
(() => {
  "use strict";
  const line = document.querySelector("[data-strength]");
  const field = line && line.closest("form").querySelector("[name=new_password]");
  if (!field) return;
  const meter = line.querySelector("meter");
  const sentence = line.querySelector("[data-sentence]");
  let timer = 0;
  let asked = 0;

  const show = (score, text) => {
    line.hidden = !text;
    meter.value = score + 1;
    sentence.textContent = text;
  };

  const ask = async () => {
    const turn = ++asked;
    const username = line.closest("form").querySelector("[name=username]");
    const body = new URLSearchParams({ password: field.value, username: username ? username.value : "", language: document.documentElement.lang });
    try {
      const answer = await fetch("/password-strength", { method: "POST", body, credentials: "same-origin", redirect: "error" });
      if (turn !== asked) return;
      if (answer.status === 503) {
        timer = setTimeout(ask, 700);
      } else if (answer.ok) {
        const told = await answer.json();
        if (turn === asked) show(told.score, told.sentence);
      } else {
        show(0, "");
      }
    } catch {
      show(0, "");
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    asked += 1;
    if (!field.value) show(0, "");
    else timer = setTimeout(ask, 350);
  });
})();

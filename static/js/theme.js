/* Sets the chosen theme before the first paint; the switch appears only where this script runs. */
(function () {
  const key = "theme";
  const root = document.documentElement;

  function stored() {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  }

  function apply(theme) {
    if (theme === "light" || theme === "dark") {
      root.dataset.theme = theme;
    } else {
      delete root.dataset.theme;
    }
  }

  function choose(theme) {
    apply(theme);
    try {
      localStorage.setItem(key, theme);
    } catch {
      /* Private windows may refuse storage; the choice then lasts for this page. */
    }
  }

  apply(stored());

  document.addEventListener("DOMContentLoaded", function () {
    const choices = document.querySelector("[data-theme-switch]");
    if (!choices) return;
    const buttons = Array.from(choices.querySelectorAll("button"));

    function show() {
      const current = root.dataset.theme || "auto";
      buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.value === current)));
    }

    buttons.forEach((button) =>
      button.addEventListener("click", function () {
        choose(button.value);
        show();
      }),
    );
    show();
    choices.hidden = false;
  });
})();

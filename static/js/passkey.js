/* Says on the page that a passkey could not be used; allauth's own script only tells the console. */
document.addEventListener("allauth.error", function (event) {
  const notice = document.querySelector("[data-passkey-failed]");
  if (!notice) return;
  event.preventDefault();
  notice.hidden = false;
});

/* Shows the buttons for passkeys where the browser knows them, and says so when one was not used. */
(function () {
  const say = (id) => { const element = document.getElementById(id); if (element) element.textContent = element.dataset.says }
  if (window.PublicKeyCredential) {
    for (const button of document.querySelectorAll('[data-passkey]')) button.hidden = false
  } else {
    say('passkey-none')
  }
  document.addEventListener('allauth.error', function (event) {
    event.preventDefault()
    say('passkey-trouble')
  })
})()

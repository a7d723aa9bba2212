/* Shows the buttons for passkeys where the browser knows them, and says so when one was not used. */
(function () {
  const show = (id) => { const element = document.getElementById(id); if (element) element.hidden = false }
  if (window.PublicKeyCredential) {
    for (const button of document.querySelectorAll('[data-passkey]')) button.hidden = false
  } else {
    show('passkey-none')
  }
  document.addEventListener('allauth.error', function (event) {
    event.preventDefault()
    show('passkey-trouble')
  })
})()

/* Shows the buttons for passkeys where the browser knows them, and says so when one was not used. */
(function () {
  const say = (id, what = 'says') => {
    const element = document.getElementById(id)
    if (element) element.textContent = element.dataset[what]
  }
  if (/^(\[.*\]|[\d.]+)$/.test(location.hostname)) {
    // No browser makes or uses a passkey at an IP address, of whichever device.
    say('passkey-none', 'number')
  } else if (window.PublicKeyCredential) {
    for (const place of document.querySelectorAll('[data-passkey]')) place.hidden = false
  } else {
    say('passkey-none')
  }
  document.addEventListener('allauth.error', function (event) {
    event.preventDefault()
    say('passkey-trouble', event.detail.exception?.name === 'InvalidStateError' ? 'there' : 'says')
  })
})()

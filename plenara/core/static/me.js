/* Shows in the header of public pages that somebody is signed in. A browser in which nobody signs in asks for nothing. */
(() => {
  const mark = 'signed-in'
  const link = document.querySelector('.me a[href$="/account/login/"]')
  const item = (label, href) => {
    const made = document.createElement('li')
    const text = made.appendChild(document.createElement(href ? 'a' : 'bdi'))
    text.textContent = label
    if (href) text.href = href
    return made
  }
  const show = (me) => {
    if (!me.name) return localStorage.removeItem(mark)
    const whose = item(me.name)
    whose.className = 'whose'
    link.parentNode.replaceWith(whose, item(...me.leave))
    document.querySelector('.nav ul').prepend(...me.pages.map((page) => item(...page)))
  }
  try {
    addEventListener('submit', (event) => {
      if (/\/account\/logout\/$/.test(event.target.getAttribute('action'))) localStorage.removeItem(mark)
    })
    if (document.querySelector('.me .whose')) localStorage.setItem(mark, 1)
    else if (link && localStorage.getItem(mark)) {
      fetch(link.getAttribute('href').replace('account/login/', 'my/header.json'))
        .then((answer) => answer.json())
        .then(show)
        .catch(() => {})
    }
  } catch {
    // This browser stores nothing for this site: the link leads to one's own page all the same.
  }
})()

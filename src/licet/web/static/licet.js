// What native HTML leaves open: menus that close, dialogs, passing messages, copying, the choice of colors.
// Every page works without this file.
(function () {
  'use strict'

  // htmx turns answers of our own server into elements. Under Trusted Types this needs a policy; it lets
  // markup pass (the content security policy keeps scripts out of it) and never script text or script addresses.
  if (window.trustedTypes && window.trustedTypes.createPolicy) {
    window.trustedTypes.createPolicy('default', { createHTML: function (markup) { return markup } })
  }

  // Menus

  function closeMenus (except) {
    document.querySelectorAll('details.menu[open]').forEach(function (menu) {
      if (menu !== except) menu.removeAttribute('open')
    })
  }

  document.addEventListener('click', function (event) {
    closeMenus(event.target.closest('details.menu'))
  })

  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Escape') return
    const menu = document.activeElement && document.activeElement.closest('details.menu[open]')
    closeMenus()
    if (menu) menu.querySelector('summary').focus()
  })

  document.addEventListener('focusout', function (event) {
    const menu = event.target.closest && event.target.closest('details.menu[open]')
    if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.removeAttribute('open')
  })

  // Strips of links that are wider than a phone: the current one comes into sight.

  document.querySelectorAll('.side, .tabs, .top-nav').forEach(function (strip) {
    const current = strip.querySelector('[aria-current]')
    if (!current || strip.scrollWidth <= strip.clientWidth) return
    strip.scrollLeft += current.getBoundingClientRect().left - strip.getBoundingClientRect().left - 24
  })

  // Messages: those that say "done" leave by themselves, unless somebody is reading them.

  const READING = 8000

  function dismiss (toast) {
    toast.classList.add('leaving')
    setTimeout(function () { toast.remove() }, 220)
  }

  function watchToast (toast) {
    if (toast.dataset.watched) return
    toast.dataset.watched = 'yes'
    toast.querySelector('[data-close]').addEventListener('click', function () { dismiss(toast) })
    if (toast.dataset.toast !== 'good' && toast.dataset.toast !== 'info') return
    let timer = setTimeout(function () { dismiss(toast) }, READING)
    function hold () { clearTimeout(timer) }
    function resume () { timer = setTimeout(function () { dismiss(toast) }, READING) }
    toast.addEventListener('mouseenter', hold)
    toast.addEventListener('focusin', hold)
    toast.addEventListener('mouseleave', resume)
    toast.addEventListener('focusout', resume)
  }

  function watchToasts () {
    document.querySelectorAll('[data-toast]').forEach(watchToast)
  }

  // A request of htmx that got no proper answer says so instead of doing nothing.

  function say (id) {
    const model = document.getElementById(id)
    const toasts = document.getElementById('toasts')
    if (!model || !toasts) return
    toasts.append(model.content.cloneNode(true))
    watchToasts()
  }

  function sayBroken () { say('broken') }

  document.addEventListener('allauth.error', function (event) {
    event.preventDefault()
    say('passkey-broken')
  })

  document.addEventListener('htmx:responseError', sayBroken)
  document.addEventListener('htmx:sendError', sayBroken)
  document.addEventListener('htmx:timeout', sayBroken)

  // Dialogs. A link with hx-get and hx-target="#dialog-body" opens the one dialog with what is answered;
  // an answer with the event "dialog:close" in HX-Trigger closes it.

  const dialog = document.getElementById('dialog')

  document.addEventListener('htmx:afterSwap', function (event) {
    if (dialog && event.detail.target && event.detail.target.id === 'dialog-body' && !dialog.open) dialog.showModal()
  })

  document.addEventListener('dialog:close', function () {
    if (dialog && dialog.open) dialog.close()
  })

  document.addEventListener('click', function (event) {
    if (event.target instanceof HTMLDialogElement) event.target.close()
    const closer = event.target.closest('[data-dialog-close]')
    if (closer && closer.closest('dialog')) {
      event.preventDefault()
      closer.closest('dialog').close()
    }
  })

  // Copying

  function announce (words) {
    const region = document.getElementById('announce')
    if (region) region.textContent = words
  }

  document.addEventListener('click', function (event) {
    const button = event.target.closest('[data-copy]')
    if (!button || !navigator.clipboard) return
    navigator.clipboard.writeText(button.dataset.copy).then(function () {
      button.classList.add('copied')
      announce(button.dataset.done || '')
      setTimeout(function () { button.classList.remove('copied') }, 1600)
    }, function () {})
  })

  // A code that came in the address, behind the #: the server never sees it there

  document.querySelectorAll('[data-from-address]').forEach(function (input) {
    if (!input.value) input.value = decodeURIComponent(location.hash.slice(1)).slice(0, 60)
  })

  // Printing, and forms that send themselves when a choice is made

  document.addEventListener('click', function (event) {
    if (event.target.closest('[data-print]')) window.print()
  })

  document.addEventListener('change', function (event) {
    if (event.target.matches('[data-submit]') && event.target.form) event.target.form.requestSubmit()
  })

  // Quantity: the two buttons beside the number

  document.addEventListener('click', function (event) {
    const button = event.target.closest('[data-step]')
    const input = button && button.parentElement.querySelector('input[type="number"]')
    if (!input) return
    if (button.dataset.step === 'up') input.stepUp()
    else input.stepDown()
    input.dispatchEvent(new Event('change', { bubbles: true }))
  })

  // Colors

  function showTheme () {
    const chosen = document.documentElement.dataset.theme || 'system'
    document.querySelectorAll('[data-theme-choice]').forEach(function (button) {
      button.setAttribute('aria-pressed', String(button.dataset.themeChoice === chosen))
    })
  }

  document.addEventListener('click', function (event) {
    const button = event.target.closest('[data-theme-choice]')
    if (!button) return
    const choice = button.dataset.themeChoice
    if (choice === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = choice
    try {
      if (choice === 'system') localStorage.removeItem('licet-theme')
      else localStorage.setItem('licet-theme', choice)
    } catch { /* the choice then lasts for this page */ }
    showTheme()
  })

  document.addEventListener('htmx:afterSettle', watchToasts)
  document.addEventListener('htmx:oobAfterSwap', watchToasts)
  watchToasts()
  showTheme()
})()

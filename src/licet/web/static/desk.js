// Keys for whoever reviews many cases. A key presses its button, ticks its box, or goes to its field.
// Every page works without this file.
(function () {
  'use strict'

  const WRITES = 'input:not([type="checkbox"]):not([type="radio"]), textarea, select, [contenteditable]'

  document.addEventListener('keydown', function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return
    if (document.querySelector('dialog[open]')) return
    if (event.key === 'Escape' && event.target.closest('[data-key]')) event.target.blur()
    if (event.target.closest && event.target.closest(WRITES)) return
    const wanted = document.querySelector('[data-key="' + CSS.escape(event.key.toLowerCase()) + '"]')
    if (!wanted || wanted.disabled) return
    event.preventDefault()
    if (wanted.matches('button, a, input')) {
      wanted.focus()
      wanted.click()
      return
    }
    const other = wanted.dataset.sets && document.getElementById(wanted.dataset.sets)
    if (other && !other.value) {
      other.value = wanted.dataset.to
      other.dispatchEvent(new Event('change', { bubbles: true }))
    }
    wanted.focus()
  })
})()

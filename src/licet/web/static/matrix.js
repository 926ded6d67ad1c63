// The matrix: arrow keys lead from box to box, changed boxes are counted and marked, a page of people is
// selected at once, and nobody leaves with changes unseen. The page works without this file.
(function () {
  'use strict'

  const form = document.querySelector('[data-matrix]')
  if (!form) return
  const count = form.querySelector('[data-changed]')
  const all = form.querySelector('[data-pick-all]')
  const boxes = Array.from(form.querySelectorAll('input[name="on"]'))
  const kept = new Set(boxes.filter(function (box) { return box.closest('td').classList.contains('changed') }))
  let sending = false

  function clicked (box) {
    return box.checked !== box.defaultChecked
  }

  // A box that was kept from before is changed until it is clicked again.
  function changed (box) {
    return clicked(box) !== kept.has(box)
  }

  function show () {
    if (!count) return
    const number = boxes.filter(changed).length + Number(form.dataset.elsewhere)
    count.textContent = String(number)
    count.hidden = number === 0
  }

  form.addEventListener('change', function (event) {
    const box = event.target
    if (box.name === 'on') box.closest('td').classList.toggle('changed', changed(box))
    show()
  })

  // Rows and columns by the arrow keys; Home and End lead to the ends of a row.
  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

  form.addEventListener('keydown', function (event) {
    const cell = event.target.closest('tbody td, tbody th')
    if (!cell || event.target.type !== 'checkbox' || event.altKey || event.ctrlKey || event.metaKey) return
    const row = cell.parentElement
    const step = STEPS[event.key]
    let next = null
    if (step) {
      const there = row.parentElement.rows[row.sectionRowIndex + step[0]]
      next = there && there.cells[cell.cellIndex + step[1]]
    } else if (event.key === 'Home') next = row.cells[0]
    else if (event.key === 'End') next = row.cells[row.cells.length - 1]
    else return
    event.preventDefault()
    const box = next && next.querySelector('input')
    if (box) box.focus()
  })

  if (all) all.hidden = false
  if (all) all.addEventListener('click', function () {
    const people = Array.from(form.querySelectorAll('input[name="who"]'))
    const some = people.some(function (box) { return !box.checked })
    people.forEach(function (box) { box.checked = some })
  })

  form.addEventListener('submit', function () { sending = true })
  window.addEventListener('pageshow', function () {
    sending = false
    show()
  })
  window.addEventListener('beforeunload', function (event) {
    if (!sending && boxes.some(clicked)) event.preventDefault()
  })
})()

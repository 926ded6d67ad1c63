// Runs before the first paint: marks that scripts run, and puts the chosen colors on <html>.
(function () {
  const root = document.documentElement
  root.classList.add('js')
  try {
    const choice = localStorage.getItem('licet-theme')
    if (choice === 'light' || choice === 'dark') root.dataset.theme = choice
  } catch { /* storage may be blocked: the system's colors stay */ }
})()

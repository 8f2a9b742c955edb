/**
 * Keeps Chromium's offer to install the site for `install-prompt.ts`, on pages before sign-in: no document is loaded after
 * it, so an offer that is made there would be lost.
 */
export const keepInstallPrompt =
  'addEventListener("beforeinstallprompt",function(e){e.preventDefault();window.campusInstall=e})';

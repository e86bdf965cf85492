// Package browser opens files in a headless Chromium: to test the page of a report, and to take the screenshots in the
// documentation.
package browser

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Find returns the browser on the PATH: Debian's Chromium, or Chrome, which GitHub's runners have.
func Find() (string, error) {
	for _, name := range []string{"chromium", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}

	return "", errors.New("neither chromium nor google-chrome is on the PATH; run: tools/packages.sh")
}

// Start starts the browser with a page, and returns the context of the page. chromedp.Cancel ends the browser.
func Start(ctx context.Context) (context.Context, error) {
	program, err := Find()
	if err != nil {
		return nil, err
	}

	// The page is ours. The sandbox needs user namespaces, which containers and root do not have. Cancel ends the
	// allocator with its page.
	allocator, _ := chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU)...)
	page, _ := chromedp.NewContext(allocator)

	if err := chromedp.Do(page); err != nil {
		return nil, fmt.Errorf("starting the browser: %w", err)
	}

	return page, nil
}

// Screen is a size in CSS pixels, a color scheme (light or dark), and a medium: print, or nothing for a screen.
type Screen struct {
	Width, Height  int
	Scheme, Medium string
}

// Open opens a file on a screen, and waits until it is loaded.
func Open(page context.Context, file string, screen Screen) error {
	path, err := filepath.Abs(file)
	if err != nil {
		return fmt.Errorf("opening %s: %w", file, err)
	}

	media := chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: screen.Medium, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: screen.Scheme}},
		})

		return err
	})
	size := chromedp.EmulateViewport(int64(screen.Width), int64(screen.Height))

	if err := chromedp.Do(page, size, media, chromedp.Navigate("file://"+path)); err != nil {
		return fmt.Errorf("opening %s: %w", file, err)
	}

	return nil
}

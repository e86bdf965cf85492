// Package browser drives a headless Chromium over the DevTools protocol: to test the page of a report, and to take the
// screenshots in the documentation.
package browser

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
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

// Browser is a running browser with one page. It is not safe for concurrent use.
type Browser struct {
	process *exec.Cmd
	send    io.WriteCloser
	receive *bufio.Reader
	session string
	last    int
}

// Start starts the browser with its profile in a folder. It ends with the context.
// https://chromium.googlesource.com/chromium/src/+/main/content/public/common/content_switches.cc,
// remote-debugging-pipe: the browser reads messages from file 3 and writes them to file 4, each ends with a zero byte.
func Start(ctx context.Context, profile string) (*Browser, error) {
	program, err := Find()
	if err != nil {
		return nil, err
	}

	in, send, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("starting the browser: %w", err)
	}

	receive, out, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("starting the browser: %w", err)
	}

	// The page is ours. The sandbox needs user namespaces, which containers and root do not have.
	process := exec.CommandContext(ctx, program, "--headless", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu",
		"--hide-scrollbars", "--user-data-dir="+profile, "about:blank")
	process.ExtraFiles = []*os.File{in, out}
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}

	if err := process.Start(); err != nil {
		return nil, fmt.Errorf("starting the browser: %w", err)
	}

	// The browser has its own copies. It ends when the pipe that it reads is closed.
	if err := errors.Join(in.Close(), out.Close()); err != nil {
		return nil, fmt.Errorf("starting the browser: %w", err)
	}

	b := &Browser{process: process, send: send, receive: bufio.NewReader(receive)}

	var target struct {
		ID string `json:"targetId"`
	}
	if err := b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target); err != nil {
		return nil, err
	}

	var attached struct {
		ID string `json:"sessionId"`
	}

	inPage := map[string]any{"targetId": target.ID, "flatten": true}
	if err := b.call("Target.attachToTarget", inPage, &attached); err != nil {
		return nil, err
	}

	b.session = attached.ID

	return b, b.call("Page.enable", nil, nil)
}

// Close ends the browser with all its processes, which write into the profile.
func (b *Browser) Close() error {
	closed := b.send.Close()
	ended := b.process.Wait()

	const deadline = 10 * time.Second

	for start := time.Now(); time.Since(start) < deadline; runtime.Gosched() {
		if err := syscall.Kill(-b.process.Process.Pid, syscall.SIGKILL); errors.Is(err, syscall.ESRCH) {
			return errors.Join(closed, ended)
		}
	}

	return errors.New("ending the browser: some of its processes do not end")
}

// Screen is a size in CSS pixels, a color scheme (light or dark), and a medium: print, or nothing for a screen.
type Screen struct {
	Width, Height  int
	Scheme, Medium string
}

// Open opens a file on a screen, and waits until it is loaded.
func (b *Browser) Open(file string, screen Screen) error {
	path, err := filepath.Abs(file)
	if err != nil {
		return fmt.Errorf("opening %s: %w", file, err)
	}

	for method, params := range map[string]any{
		"Emulation.setDeviceMetricsOverride": map[string]any{
			"width": screen.Width, "height": screen.Height, "deviceScaleFactor": 1, "mobile": false,
		},
		"Emulation.setEmulatedMedia": map[string]any{
			"media":    screen.Medium,
			"features": []map[string]string{{"name": "prefers-color-scheme", "value": screen.Scheme}},
		},
	} {
		if err := b.call(method, params, nil); err != nil {
			return err
		}
	}

	if err := b.call("Page.navigate", map[string]any{"url": "file://" + path}, nil); err != nil {
		return err
	}

	if _, err := b.await(func(m message) bool { return m.Method == "Page.loadEventFired" }); err != nil {
		return fmt.Errorf("loading %s: %w", file, err)
	}

	return nil
}

// Evaluate evaluates JavaScript in the page, awaits a promise, and decodes the value. The page's content security
// policy does not hold for it.
func (b *Browser) Evaluate(script string, value any) error {
	var answer struct {
		Result struct {
			Value json.RawMessage `json:"value"`
		} `json:"result"`
		Exception *struct {
			Text      string `json:"text"`
			Exception struct {
				Description string `json:"description"`
			} `json:"exception"`
		} `json:"exceptionDetails"`
	}
	if err := b.call("Runtime.evaluate", map[string]any{
		"expression": script, "awaitPromise": true, "returnByValue": true,
	}, &answer); err != nil {
		return err
	}

	if answer.Exception != nil {
		return fmt.Errorf("a script in the page failed: %s %s", answer.Exception.Text,
			answer.Exception.Exception.Description)
	}

	if value == nil {
		return nil
	}

	if err := json.Unmarshal(answer.Result.Value, value); err != nil {
		return fmt.Errorf("decoding the value of a script: %w", err)
	}

	return nil
}

// Tab presses the key Tab.
func (b *Browser) Tab() error {
	for _, kind := range []string{"rawKeyDown", "keyUp"} {
		if err := b.call("Input.dispatchKeyEvent", map[string]any{
			"type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9,
		}, nil); err != nil {
			return err
		}
	}

	return nil
}

// Print returns the page as a PDF on A4.
func (b *Browser) Print() ([]byte, error) {
	return b.data("Page.printToPDF", map[string]any{"preferCSSPageSize": true, "paperWidth": 8.27, "paperHeight": 11.69})
}

// Screenshot returns what is on the screen as a PNG.
func (b *Browser) Screenshot() ([]byte, error) {
	return b.data("Page.captureScreenshot", map[string]any{"format": "png"})
}

func (b *Browser) data(method string, params any) ([]byte, error) {
	var answer struct {
		Data string `json:"data"`
	}
	if err := b.call(method, params, &answer); err != nil {
		return nil, err
	}

	data, err := base64.StdEncoding.DecodeString(answer.Data)
	if err != nil {
		return nil, fmt.Errorf("decoding the answer to %s: %w", method, err)
	}

	return data, nil
}

// message is a command, its answer, or an event.
type message struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  any             `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// call runs a command: https://chromedevtools.github.io/devtools-protocol/.
func (b *Browser) call(method string, params, result any) error {
	b.last++

	text, err := json.Marshal(message{ID: b.last, Session: b.session, Method: method, Params: params})
	if err != nil {
		return fmt.Errorf("encoding %s: %w", method, err)
	}

	if _, err := b.send.Write(append(text, 0)); err != nil {
		return fmt.Errorf("sending %s: %w", method, err)
	}

	answer, err := b.await(func(m message) bool { return m.ID == b.last })
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}

	if answer.Error != nil {
		return fmt.Errorf("%s: %s", method, answer.Error.Message)
	}

	if result == nil {
		return nil
	}

	if err := json.Unmarshal(answer.Result, result); err != nil {
		return fmt.Errorf("decoding the answer to %s: %w", method, err)
	}

	return nil
}

// await returns the next message that is expected, and drops those before it.
func (b *Browser) await(expected func(message) bool) (message, error) {
	for {
		text, err := b.receive.ReadBytes(0)
		if err != nil {
			return message{}, fmt.Errorf("reading from the browser: %w", err)
		}

		var m message
		if err := json.Unmarshal(text[:len(text)-1], &m); err != nil {
			return message{}, fmt.Errorf("decoding a message of the browser: %w", err)
		}

		if expected(m) {
			return m, nil
		}
	}
}

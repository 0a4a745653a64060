package scripts

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// typingCommand FILE COMMAND... runs a command at a terminal, which is its standard input and error, and exits with its code.
// Each line of the file is typed once the screen shows the text before its "->". A line without "->" is typed at once. What
// the terminal gets goes to standard error.
func typingCommand() {
	script, err := os.ReadFile(os.Args[1])
	if err == nil {
		var code int
		if code, err = runTyping(string(script), os.Args[2:]); err == nil {
			os.Exit(code)
		}
	}
	fmt.Fprintln(os.Stderr, "typing:", err)
	os.Exit(1)
}

// fullScreenVariable is the variable that makes standard output a terminal of 30 lines too.
const fullScreenVariable = "TYPING_WHOLE_SCREEN"

func runTyping(script string, command []string) (int, error) {
	screen, terminal, err := openTerminal()
	if err != nil {
		return 0, err
	}
	c := exec.Command(command[0], command[1:]...)
	c.Stdin, c.Stdout, c.Stderr = terminal, os.Stdout, terminal
	if os.Getenv(fullScreenVariable) != "" { // for the app, which draws on both
		c.Stdout = terminal
		c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
		size := [4]uint16{30, 100}
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, screen.Fd(), syscall.TIOCSWINSZ, uintptr(unsafe.Pointer(&size))); errno != 0 {
			return 0, errno
		}
	}
	var waits [][2]string
	for l := range strings.Lines(script) {
		prompt, keys, waiting := strings.Cut(strings.TrimSuffix(l, "\n"), " -> ")
		switch {
		case waiting:
			waits = append(waits, [2]string{prompt, keys})
		case len(waits) == 0: // typed before the command starts
			if _, err := io.WriteString(screen, strings.TrimSpace(l)+"\n"); err != nil {
				return 0, err
			}
		default: // typed together with the answer before it
			waits[len(waits)-1][1] += "\n" + prompt
		}
	}
	if err := c.Start(); err != nil {
		return 0, err
	}
	_ = terminal.Close() // the command has its own copy
	var all screenText
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = io.Copy(&all, screen) // ends in an error once the command has ended
	}()
	missing := typeAnswers(screen, &all, waits, ended)
	if missing != nil {
		_ = c.Process.Kill()
	}
	timeout := time.AfterFunc(time.Minute, func() { _ = c.Process.Kill() }) // it asks for more than the file has
	_ = c.Wait()
	timeout.Stop()
	<-ended
	fmt.Fprint(os.Stderr, strings.ReplaceAll(all.textFrom(0), "\r\n", "\n"))
	return c.ProcessState.ExitCode(), missing
}

// typeAnswers types each answer once the screen shows its prompt.
func typeAnswers(screen io.Writer, all *screenText, waits [][2]string, ended <-chan struct{}) error {
	seen := 0
	for _, w := range waits {
		for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(5 * time.Millisecond) {
			if at := strings.Index(all.textFrom(seen), w[0]); at >= 0 {
				seen += at + len(w[0])
				break
			}
			select {
			case <-ended:
				return fmt.Errorf("it ended without showing %q", w[0])
			default:
			}
			if time.Now().After(deadline) {
				return fmt.Errorf("it never showed %q", w[0])
			}
		}
		if _, err := io.WriteString(screen, w[1]+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// screenText is what a terminal has got so far.
type screenText struct {
	mu   sync.Mutex
	text bytes.Buffer // not embedded: io.Copy would read into it past the lock
}

// Write adds to it.
func (s *screenText) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screenText) textFrom(at int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()[at:]
}

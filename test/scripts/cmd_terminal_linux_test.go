package scripts

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"unsafe"
)

// shownCommand COMMAND... runs a command whose standard error is a terminal, and exits with its code. What the terminal gets
// goes to standard error.
func shownCommand() {
	code, err := runOnTerminal(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "shown:", err)
		os.Exit(1)
	}
	os.Exit(code)
}

func runOnTerminal(command []string) (int, error) {
	screen, terminal, err := openTerminal()
	if err != nil {
		return 0, err
	}
	c := exec.Command(command[0], command[1:]...)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, terminal
	if err := c.Start(); err != nil {
		return 0, err
	}
	_ = terminal.Close()         // the command has its own copy
	all, _ := io.ReadAll(screen) // ends in an error once the command has ended
	fmt.Fprint(os.Stderr, strings.ReplaceAll(string(all), "\r\n", "\n"))
	var ended *exec.ExitError
	if err := c.Wait(); err != nil && !errors.As(err, &ended) {
		return 0, err
	}
	return c.ProcessState.ExitCode(), nil
}

// openTerminal opens both ends of a pseudo terminal (pts(4)).
func openTerminal() (screen, terminal *os.File, err error) {
	if screen, err = os.OpenFile("/dev/ptmx", os.O_RDWR, 0); err != nil {
		return nil, nil, err
	}
	number, locked := 0, 0
	for request, value := range map[uintptr]*int{syscall.TIOCGPTN: &number, syscall.TIOCSPTLCK: &locked} {
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, screen.Fd(), request, uintptr(unsafe.Pointer(value))); errno != 0 {
			return nil, nil, errno
		}
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	return screen, terminal, err
}

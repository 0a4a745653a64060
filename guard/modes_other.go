//go:build !darwin && !dragonfly && !freebsd && !linux && !netbsd && !openbsd && !windows

package guard

// modes are not known for this system.
type modes struct{}

func readModes() modes { return modes{} }

func (modes) restore() {}

func stayInBackground() {}

// Package sandbox is a pretend Google Cloud on loopback. One port serves the APIs that whopulls uses, over
// gRPC and over REST with JSON. It decides every call by IAM, so the program does its real work against it.
//
// The content comes from a world (package world). The bearer token names the caller ("Authorization: Bearer
// user:dev@example.com"). A call without a token comes from the sandbox's own caller.
package sandbox

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"google.golang.org/grpc"

	"whopulls/gcp/sandbox/world"
	"whopulls/guard"
)

// World is a sandbox's content; Load makes one. A world keeps the changes that requests make, so each sandbox
// needs its own.
type World = world.World

// WorldInfo names a built-in world. Its Title is one line.
type WorldInfo = world.Info

// Worlds lists the built-in worlds, the default one first.
func Worlds() []WorldInfo { return world.BuiltIn() }

// WorldFile gives the YAML file of the built-in world of that name; ok is false if there is no such world.
func WorldFile(name string) (content []byte, ok bool) { return world.BuiltInFile(name) }

// Load gives a new copy of the built-in world of that name, or reads the YAML world file of that name. Each
// mistake in a file is a line of the error, "FILE:LINE: KEY: what was found and what was expected". Unknown
// keys are mistakes.
func Load(nameOrFile string) (*World, error) { return world.Load(nameOrFile) }

// Options say what to serve and how. The zero value serves the default world on any free port, without delays
// and faults.
type Options struct {
	World   *World          // nil is the default world
	Caller  string          // the member that makes calls without a token; "" is the world's caller
	Port    int             // 0 is any free one
	Latency time.Duration   // each answer waits that long
	Hold    <-chan struct{} // each answer waits until this is closed; nil: no waiting

	Jitter    time.Duration // each answer waits up to this much longer
	FaultRate float64       // share of the calls that fail, 0 to 1: 429, 503, a broken connection, or 409 to a setIamPolicy
	Seed      int64         // the same seed and the same calls give the same faults

	Propagation time.Duration    // a written policy is read back at once, but takes effect only after this time
	Now         func() time.Time // the clock of Propagation; nil: the real clock
	Log         io.Writer        // gets each entry of the request log as a line of JSON; nil: no log
}

// Server is a running sandbox.
type Server struct {
	id        string
	world     *World
	core      *core
	caller    string
	listener  net.Listener
	handler   *handler
	http      *http.Server
	grpc      map[product]*grpc.Server
	cancel    context.CancelFunc
	serveErr  chan error
	closeOnce sync.Once
	closeErr  error
}

// Start listens on 127.0.0.1 and serves in the background until Close.
func Start(o Options) (*Server, error) {
	if o.World == nil {
		w, err := Load(world.Default)
		if err != nil {
			return nil, err
		}
		o.World = w
	}
	if o.Caller == "" {
		o.Caller = o.World.Caller
	}
	if !world.ValidCaller(o.Caller) {
		return nil, fmt.Errorf("the sandbox cannot be called as %q; give one identity, like user:dev@example.com or serviceAccount:EMAIL", o.Caller)
	}
	if err := checkOptions(o); err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(o.Port)))
	if err != nil {
		return nil, fmt.Errorf("the sandbox cannot listen on port %d of 127.0.0.1; choose another with --port, or 0 for any free one: %w", o.Port, err)
	}
	return startServer(o, listener), nil
}

func startServer(o Options, listener net.Listener) *Server {
	o.World.SetPropagation(o.Propagation, o.Now)
	c := &core{world: o.World}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{
		id: rand.Text(), world: o.World, core: c, caller: o.Caller, listener: listener,
		grpc: newGRPCServers(c), cancel: cancel, serveErr: make(chan error, 1),
	}
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	s.handler = &handler{server: s, routes: routes(c), transcoders: newTranscoders(c, s.grpc), faults: newFaultInjector(o), log: &requestLog{out: o.Log}}
	s.http = &http.Server{
		Handler:           s.handler,
		Protocols:         &protocols,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: time.Minute,
		ErrorLog:          log.New(io.Discard, "", 0), // standard error is the terminal of the user
	}
	guard.Go(func() { s.serveErr <- s.http.Serve(listener) })
	return s
}

// Addr is where the sandbox listens, "127.0.0.1:PORT".
func (s *Server) Addr() string { return s.listener.Addr().String() }

// ID is random for each started sandbox. GET /sandbox serves it too.
func (s *Server) ID() string { return s.id }

// Caller is the member that makes calls without a token.
func (s *Server) Caller() string { return s.caller }

// Log gives the last calls, the oldest first. GET /sandbox/log serves them too, one JSON object per line.
func (s *Server) Log() []LogEntry { return s.handler.log.entries() }

// Close stops serving, ends the calls under way and frees everything. A second call gives the same answer. It
// reports a request log that could not be written.
func (s *Server) Close() error {
	s.closeOnce.Do(func() {
		s.cancel()
		s.closeErr = s.http.Close()
		s.handler.inFlight.Lock() // waits for the calls under way; no new ones can come
		defer s.handler.inFlight.Unlock()
		for _, g := range s.grpc {
			g.Stop()
		}
		if err := <-s.serveErr; !errors.Is(err, http.ErrServerClosed) && s.closeErr == nil {
			s.closeErr = err
		}
		s.closeErr = errors.Join(s.closeErr, s.handler.log.err())
	})
	return s.closeErr
}

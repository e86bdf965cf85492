package httpserver

import (
	"time"

	"github.com/msur/platform/apps/chassis/config"
)

// MaxBody is how long the body of a request may be, in bytes: 1 MiB.
const MaxBody = 1 << 20

// Config is what a server grants its callers, and how it stops.
type Config struct {
	// Address is the host or IP address to listen at; empty is all that the machine has.
	Address string
	Port    int
	// MaxInFlight is how many requests are answered at a time; the next is turned away.
	MaxInFlight int
	// RequestTimeout is how long the answer to one may take.
	RequestTimeout time.Duration
	// DrainDelay is how long a server that is to stop goes on with new callers, while load balancers hear of it.
	DrainDelay time.Duration
	// DrainTimeout is how long it then waits for the requests that it has begun.
	DrainTimeout time.Duration
}

// What holds where a variable is left out. The two of the drain add up to less than the 30 seconds after which
// Kubernetes kills.
const (
	maxInFlight    = 256
	mostInFlight   = 65536
	requestTimeout = 5 * time.Second
	drainDelay     = 5 * time.Second
	drainTimeout   = 15 * time.Second
)

// ReadConfig reads LISTEN_ADDRESS, PORT, MAX_IN_FLIGHT, REQUEST_TIMEOUT, DRAIN_DELAY and DRAIN_TIMEOUT.
func ReadConfig(r *config.Reader, port int) Config {
	return Config{
		Address:        r.TextOr("LISTEN_ADDRESS", ""),
		Port:           r.Port("PORT", port),
		MaxInFlight:    r.Number("MAX_IN_FLIGHT", maxInFlight, 1, mostInFlight),
		RequestTimeout: r.Duration("REQUEST_TIMEOUT", requestTimeout, time.Millisecond, time.Minute),
		DrainDelay:     r.Duration("DRAIN_DELAY", drainDelay, 0, time.Minute),
		DrainTimeout:   r.Duration("DRAIN_TIMEOUT", drainTimeout, 0, time.Minute),
	}
}

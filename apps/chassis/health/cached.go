package health

import (
	"context"
	"time"
)

// cached is a check with its last result. Callers who ask while the check runs wait for its result.
type cached struct {
	check Check
	// turn is a lock for the fields below.
	turn  chan struct{}
	last  Detail
	until time.Time
}

// detail returns a result that is at most as old as Fresh. The check continues when a caller leaves: others share it.
func (c *cached) detail(ctx context.Context, h *Health) Detail {
	c.turn <- struct{}{}

	defer func() { <-c.turn }()

	if start := h.now(); !start.Before(c.until) {
		c.last = c.run(context.WithoutCancel(ctx), h, start)
		c.until = h.now().Add(Fresh)
	}

	return c.last
}

func (c *cached) run(ctx context.Context, h *Health, start time.Time) Detail {
	ctx, cancel := context.WithTimeout(ctx, Deadline)
	defer cancel()

	detail := Detail{Status: pass, MetricUnit: "ms", Time: start.UTC().Format(time.RFC3339Nano)}

	if err := c.check.Ask(ctx); err != nil {
		h.log.ErrorContext(ctx, "a check failed", "check", c.check.Name, "error", err)

		detail.Status = fail
	}

	detail.MetricValue = h.now().Sub(start).Milliseconds()

	return detail
}

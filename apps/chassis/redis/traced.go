package redis

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"

	"github.com/msur/platform/apps/chassis/traces"
)

// traced adds a span to each call. A span has the names of commands, and not their arguments, which are the data.
type traced struct{}

// DialHook implements redis.Hook.
func (traced) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessHook implements redis.Hook.
func (traced) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		ctx, end := traces.Call(ctx, "redis", cmd.Name())
		err := next(ctx, cmd)
		end(failure(err))

		return err
	}
}

// ProcessPipelineHook implements redis.Hook.
func (traced) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, all []redis.Cmder) error {
		ctx, end := traces.Call(ctx, "redis", "pipeline")
		err := next(ctx, all)
		end(failure(err))

		return err
	}
}

// failure returns nil for the answer that a key does not exist.
func failure(err error) error {
	if errors.Is(err, redis.Nil) {
		return nil
	}

	return err
}

package faults_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/faults"
)

const (
	nat = "aws:ec2/natGateway:NatGateway"
	key = "aws:kms/key:Key"
)

func TestParse(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		text string
		want []faults.Fault
	}{
		{text: ""},
		{text: " ; "},
		{text: "fail create " + nat, want: []faults.Fault{{Kind: faults.Fail, Operation: faults.Create, Type: nat}}},
		{text: "  hang   create " + key + " ;fail delete " + nat + ";fail update " + nat + ";", want: []faults.Fault{
			{Kind: faults.Hang, Operation: faults.Create, Type: key},
			{Kind: faults.Fail, Operation: faults.Delete, Type: nat},
			{Kind: faults.Fail, Operation: faults.Update, Type: nat},
		}},
		{text: "lack create " + key + " multiRegion", want: []faults.Fault{
			{Kind: faults.Lack, Operation: faults.Create, Type: key, Property: "multiRegion"},
		}},
	} {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()

			plan, err := faults.Parse(test.text, nat, key)
			require.NoError(t, err)
			assert.Equal(t, test.want, plan.Faults())
		})
	}
}

func TestParseReportsEveryProblemAtOnce(t *testing.T) {
	t.Parallel()

	_, err := faults.Parse(
		"fial create "+nat+"; hang delete "+key+"; fail create aws:kms/key:Kye; fail create; lack create "+key+
			"; lack update "+key+" multiRegion; hang create "+key+" multiRegion",
		nat, key,
	)
	require.Error(t, err)

	for _, want := range []string{
		`unknown kind "fial"; known: fail, hang, lack`,
		`unknown operation "delete"; hang expects: create`,
		"type aws:kms/key:Kye is not simulated; nearest: " + key,
		`fault "fail create": got 2 words, expected 3`,
		`fault "lack create aws:kms/key:Key": got 3 words, expected 4: <kind> <operation> <type> <boolean property>`,
		`unknown operation "update"; lack expects: create`,
		`fault "hang create aws:kms/key:Key multiRegion": got 4 words, expected 3`,
	} {
		assert.ErrorContains(t, err, want)
	}
}

func TestFaultsFireOnce(t *testing.T) {
	t.Parallel()

	plan, err := faults.Parse("fail create "+nat+"; hang create "+nat, nat)
	require.NoError(t, err)

	armed := plan.Arm()

	_, fired := armed.Take(faults.Delete, nat)
	assert.False(t, fired, "another operation")
	_, fired = armed.Take(faults.Create, key)
	assert.False(t, fired, "another type")
	first, fired := armed.Take(faults.Create, nat)
	assert.True(t, fired)
	assert.Equal(t, "fail create "+nat, first.String())
	second, fired := armed.Take(faults.Create, nat)
	assert.True(t, fired)
	assert.Equal(t, faults.Hang, second.Kind)

	_, fired = armed.Take(faults.Create, nat)
	assert.False(t, fired)

	_, fired = plan.Arm().Take(faults.Create, nat)
	assert.True(t, fired, "another start has its own")
}

func TestFaultsPrintAsTheyParse(t *testing.T) {
	t.Parallel()

	for _, written := range []string{
		"fail create " + nat, "fail update " + nat, "fail delete " + nat, "hang create " + key,
		"lack create " + key + " multiRegion",
	} {
		plan, err := faults.Parse(written, nat, key)
		require.NoError(t, err)
		require.Len(t, plan.Faults(), 1)
		assert.Equal(t, written, plan.Faults()[0].String())
	}
}

func TestPlansReturnCopies(t *testing.T) {
	t.Parallel()

	plan, err := faults.Parse("fail create "+nat, nat)
	require.NoError(t, err)

	plan.Faults()[0].Type = key
	_, fired := plan.Arm().Take(faults.Create, nat)
	assert.True(t, fired)
}

func TestNothingFiresWithoutAPlan(t *testing.T) {
	t.Parallel()

	_, fired := faults.Plan{}.Arm().Take(faults.Create, nat)
	assert.False(t, fired)
}

// The engine calls in parallel: of all matching calls, one fails.
func TestFaultsFireOnceAmongConcurrentCalls(t *testing.T) {
	t.Parallel()

	plan, err := faults.Parse("fail create "+nat+"; fail create "+key+"; fail create "+nat, nat, key)
	require.NoError(t, err)

	armed := plan.Arm()

	var (
		all  sync.WaitGroup
		hits atomic.Int32
	)

	for range 50 {
		all.Go(func() {
			if _, fired := armed.Take(faults.Create, nat); fired {
				hits.Add(1)
			}
		})
	}

	all.Wait()
	assert.Equal(t, int32(2), hits.Load(), "once for each write")

	_, fired := armed.Take(faults.Create, key)
	assert.True(t, fired, "the others are kept")
}

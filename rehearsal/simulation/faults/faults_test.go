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

// booleans are the boolean properties of the types.
func booleans() map[string][]string {
	return map[string][]string{nat: nil, key: {"enableKeyRotation", "multiRegion"}}
}

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

			parsed, err := faults.Parse(test.text, booleans())
			require.NoError(t, err)
			assert.Equal(t, test.want, parsed)
		})
	}
}

func TestParseReportsEveryProblemAtOnce(t *testing.T) {
	t.Parallel()

	_, err := faults.Parse(
		"fial create "+nat+"; hang delete "+key+"; fail create aws:kms/key:Kye; fail create; lack create "+key+
			"; lack update "+key+" multiRegion; hang create "+key+" multiRegion; lack create "+key+" description",
		booleans(),
	)
	require.Error(t, err)

	for _, want := range []string{
		`unknown kind "fial"; known: fail, hang, lack, break`,
		`unknown operation "delete"; hang expects: create`,
		"type aws:kms/key:Kye is not simulated; nearest: " + key,
		`fault "fail create": got 2 words, expected 3`,
		`fault "lack create aws:kms/key:Key": got 3 words, expected 4: <kind> <operation> <type> <boolean property>`,
		`unknown operation "update"; lack expects: create`,
		`fault "hang create aws:kms/key:Key multiRegion": got 4 words, expected 3`,
		`unknown boolean property "description"; known: enableKeyRotation, multiRegion`,
	} {
		assert.ErrorContains(t, err, want)
	}
}

// arm returns the faults of a text, ready to fire.
func arm(t *testing.T, text string) *faults.Armed {
	t.Helper()

	parsed, err := faults.Parse(text, booleans())
	require.NoError(t, err)

	return faults.Arm(parsed)
}

func TestFaultsFireOnce(t *testing.T) {
	t.Parallel()

	armed := arm(t, "fail create "+nat+"; hang create "+nat)

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
}

func TestFaultsPrintAsTheyParse(t *testing.T) {
	t.Parallel()

	for _, written := range []string{
		"fail create " + nat, "fail update " + nat, "fail delete " + nat, "hang create " + key,
		"lack create " + key + " multiRegion", "break create " + nat,
	} {
		parsed, err := faults.Parse(written, booleans())
		require.NoError(t, err)
		require.Len(t, parsed, 1)
		assert.Equal(t, written, parsed[0].String())
	}
}

func TestNothingFiresWithoutFaults(t *testing.T) {
	t.Parallel()

	_, fired := faults.Arm(nil).Take(faults.Create, nat)
	assert.False(t, fired)
}

// The engine calls in parallel: of all matching calls, one fails.
func TestFaultsFireOnceAmongConcurrentCalls(t *testing.T) {
	t.Parallel()

	armed := arm(t, "fail create "+nat+"; fail create "+key+"; fail create "+nat)

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

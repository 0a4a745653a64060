package words_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"whopulls/model/words"
)

type values struct{ Who, Image words.Text }

var (
	may     = words.Message[values]{EN: "{Who} may not read {Image}. {Image} is far away.", JA: "{Who}は{Image}を読み取れません。"}
	agent   = words.Message[values]{EN: "the agent {Image}", JA: "エージェント{Image}"}
	alone   = words.Message[values]{EN: "{Image} alone", JA: "{Image}のみ"}
	stopped = words.Message[values]{EN: "{Who}: stopped", JA: "{Who}: 停止"}
	image   = words.Message[values]{EN: "the image", JA: "イメージ"}
)

func TestAMessageIsSaidInEachLanguage(t *testing.T) {
	named := values{Who: words.Name("dev@example.com"), Image: words.Name("gcr.io/a/b")}
	plain := values{Who: agent.With(named), Image: image.With(named)}
	for _, c := range []struct {
		text words.Text
		in   words.Language
		want string
	}{
		{may.With(named), words.English, "dev@example.com may not read gcr.io/a/b. gcr.io/a/b is far away."},
		{may.With(plain), "", "The agent gcr.io/a/b may not read the image. The image is far away."},
		{may.With(values{Who: alone.With(named), Image: named.Image}), words.English, "gcr.io/a/b alone may not read gcr.io/a/b. gcr.io/a/b is far away."},
		{may.With(named), words.Japanese, "dev@example.com は gcr.io/a/b を読み取れません。"},
		{may.With(plain), words.Japanese, "エージェント gcr.io/a/b はイメージを読み取れません。"},
		{words.Text{}.Or(words.Name("x")), words.Japanese, "x"},
		{stopped.With(plain), words.Japanese, "エージェント gcr.io/a/b: 停止"},
		{words.Text{}, words.English, ""},
	} {
		t.Run(cmp.Or(c.want, "empty"), func(t *testing.T) {
			if got := c.text.Render(c.in); got != c.want {
				t.Errorf("%s: %q, not %q", c.in, got, c.want)
			}
		})
	}
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ en, ja, why string }{
		{"{Who} is there", "{Who}がいます", ""},
		{"{Who} is there", "", "missing"},
		{" ", "{Who}がいます", "missing"},
		{"{Who} is there", "{Image}がいます", "names"},
		{"{Who} is there", "います", "names"},
		{"{Which} is there", "{Which}がいます", "no value"},
		{"{who} is there", "{who}がいます", "no place"},
	} {
		t.Run(fmt.Sprintf("%q %q", c.en, c.ja), func(t *testing.T) {
			err := words.Message[values]{EN: c.en, JA: c.ja}.Validate()
			if (err == nil) != (c.why == "") || err != nil && !strings.Contains(err.Error(), c.why) {
				t.Errorf("%q, %q: %v", c.en, c.ja, err)
			}
		})
	}
}

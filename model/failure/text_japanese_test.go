package failure_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"whopulls/model/failure"
)

// japaneseFrames are ways in which a text in Japanese holds Google's message: what stands before and behind it.
var japaneseFrames = map[string][2]string{
	"paragraphs":    {"Cloud Runにデプロイしたところ、次のエラーが出ました。\n\n", "\n\n同じ症状の方はいますか？\nよろしくお願いします。\n"},
	"a colon":       {"エラー：", "（2024年5月時点）"},
	"brackets":      {"デプロイすると「", "」というエラーになります。"},
	"both brackets": {"『", "』と言われ、先に進めません。"},
	"a heading":     {"【エラー内容】", "【環境】macOS、gcloud 528"},
	"an item":       {"・", "。どうすればよいでしょうか。"},
	"a bullet":      {"■ログ\n●", "\n●再実行しても同じでした。"},
	"within words":  {"コンソールのログには", "と表示されています。"},
	"a console":     {"　　重大度：ＥＲＲＯＲ　　メッセージ：　", "　　タイムスタンプ：２０２４年５月１日"},
	"indented":      {"　　", "　　※プロジェクトIDは変えてあります"},
	"a quotation":   {"＞　", "\n＞\nとのことです。"},
	"another mail":  {"お世話になっております。サービス アカウントの権限（ロール）についてです。→", "←これが出ます。ロール バインディングは追加済みです。"},
}

// keyboardForms are ways in which a Japanese keyboard, or a page, writes the signs of an English message.
var keyboardForms = map[string]func(string) string{
	"as it was":     func(s string) string { return s },
	"colons":        strings.NewReplacer(": ", "：").Replace,
	"wide brackets": strings.NewReplacer("(", "（", ")", "）", "[", "［", "]", "］").Replace,
	"spaces":        strings.NewReplacer(" ", "　").Replace,
	"wide quotes":   strings.NewReplacer("'", "＇", `"`, "＂").Replace,
	"commas":        strings.NewReplacer(", ", "，", "(", " （", ")", "） ").Replace,
	"stops":         strings.NewReplacer(". ", "。").Replace,
	"all wide":      fullWidth,
	"letters":       fullWidthWords,
}

// fullWidth is a text as it comes from a Japanese keyboard that was not switched over.
func fullWidth(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '\u3000'
		case r > ' ' && r <= '~':
			return r - '!' + '！'
		}
		return r
	}, text)
}

func fullWidthWords(text string) string {
	return strings.NewReplacer("permission", fullWidth("permission"), "image", fullWidth("image"), "0", "０", "1", "１").Replace(text)
}

func wrapped(text string, around [2]string) string { return around[0] + text + around[1] }

// Each sample in each surrounding is read as it is without.
func TestJapaneseSurroundings(t *testing.T) {
	for _, s := range samples(t) {
		for about, around := range japaneseFrames {
			t.Run(s.ID+" "+about, func(t *testing.T) {
				if wrong := differences(documentOf(t, wrapped(s.Text, around)), s.Expect); len(wrong) > 0 {
					t.Errorf("%s in %s: %s", s.ID, about, strings.Join(wrong, "; "))
				}
			})
		}
	}
}

// What a Japanese keyboard made of the signs changes nothing.
func TestJapaneseSigns(t *testing.T) {
	for _, s := range samples(t) {
		for about, typing := range keyboardForms {
			t.Run(s.ID+" "+about, func(t *testing.T) {
				if wrong := differences(documentOf(t, typing(s.Text)), s.Expect); len(wrong) > 0 {
					t.Errorf("%s, %s: %s", s.ID, about, strings.Join(wrong, "; "))
				}
			})
		}
	}
}

// wrapColumns breaks as a terminal does, which gives a Japanese sign two columns.
func wrapColumns(text string, width int) string {
	return eachLine(text, func(line string) string {
		var b strings.Builder
		column := 0
		for _, r := range line {
			wide := 1
			if r >= 0x2e80 {
				wide = 2
			}
			if column+wide > width {
				b.WriteByte('\n')
				column = 0
			}
			b.WriteRune(r)
			column += wide
		}
		return b.String()
	})
}

// Whatever the names are, and however the text is wrapped and escaped on its way, Japanese around it changes nothing.
func TestNamesAreReadInJapanese(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawCase(t)
		around := japaneseFrames[rapid.SampledFrom(slices.Sorted(maps.Keys(japaneseFrames))).Draw(t, "around")]
		typing := keyboardForms[rapid.SampledFrom(slices.Sorted(maps.Keys(keyboardForms))).Draw(t, "typed")]
		text := wrapped(typing(w.text), around)
		if width := rapid.IntRange(50, 140).Draw(t, "width"); width < 120 {
			text = wrapColumns(text, width)
		}
		for range rapid.IntRange(0, 2).Draw(t, "escapes") {
			text = quoted(text)
		}
		got := failure.Fields(failure.Read(text))
		if !reflect.DeepEqual(got, w.want) {
			t.Fatalf("%s\nis read as %+v\nnot as     %+v", text, got, w.want)
		}
	})
}

// Articles hide their names behind signs or Japanese words: what is left of such a name is not one.
func TestJapanesePlaceholders(t *testing.T) {
	const read = "Google Cloud Run Service Agent AGENT must have permission to read the image, IMAGE. Note that the image is from project [myproject-b], " +
		"which is not the same as this project [PROJECT]."
	for about, c := range map[string]struct{ text, field string }{
		"a word for the number":        {strings.Replace(read, "AGENT", "service-プロジェクト番号@serverless-robot-prod.iam.gserviceaccount.com", 1), "principal"},
		"circles for the number":       {strings.Replace(read, "AGENT", "service-○○○○@serverless-robot-prod.iam.gserviceaccount.com", 1), "principal"},
		"dots for the number":          {strings.Replace(read, "AGENT", "service-・・・@serverless-robot-prod.iam.gserviceaccount.com", 1), "principal"},
		"a wave for the number":        {strings.Replace(read, "AGENT", "service-〜@serverless-robot-prod.iam.gserviceaccount.com", 1), "principal"},
		"wide stars":                   {strings.Replace(read, "AGENT", "service-＊＊＊＊@serverless-robot-prod.iam.gserviceaccount.com", 1), "principal"},
		"wide letters":                 {strings.Replace(read, "AGENT", "service-ＸＸＸＸＸＸ@serverless-robot-prod.iam.gserviceaccount.com", 1), "principal"},
		"an image of words":            {strings.Replace(read, "IMAGE", "asia-northeast1-docker.pkg.dev/プロジェクトID/リポジトリ/イメージ", 1), "image"},
		"an image's repository":        {strings.Replace(read, "IMAGE", "asia-northeast1-docker.pkg.dev/myproject-b/リポジトリ名/myjob", 1), "image"},
		"an image's tag":               {strings.Replace(read, "IMAGE", "asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob:タグ", 1), "image"},
		"an image's end":               {strings.Replace(read, "IMAGE", "asia-northeast1-docker.pkg.dev/myproject-b/myrepo/my○○", 1), "image"},
		"a project's beginning":        {strings.Replace(read, "PROJECT", "○○-project", 1), "consumerProject"},
		"a project's end":              {strings.Replace(read, "PROJECT", "myproject-○○", 1), "consumerProject"},
		"a project's end, no hyphen":   {strings.Replace(read, "PROJECT", "sample○○", 1), "consumerProject"},
		"a command's project":          {"gcloud run deploy web --project=myproject-○○\nERROR: (gcloud.run.deploy) PERMISSION_DENIED", "consumerProject"},
		"a command's project, word":    {"gcloud run deploy web --project=プロジェクトID\nERROR: (gcloud.run.deploy) PERMISSION_DENIED", "consumerProject"},
		"a command's project, circles": {"gcloud run deploy web --project sample△△\nERROR: (gcloud.run.deploy) PERMISSION_DENIED", "consumerProject"},
	} {
		t.Run(about, func(t *testing.T) {
			if got := documentOf(t, c.text)[c.field]; got != nil {
				t.Errorf("%s: %s is read as %v", about, c.field, got)
			}
		})
	}
}

// What only touches a name hides nothing of it: a particle, a bullet, an arrow, a word.
func TestJapaneseBesideNames(t *testing.T) {
	const image, account = "asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob:v1", "web@myproject-a.iam.gserviceaccount.com"
	for text, want := range map[string]string{
		"イメージ" + image + "を読み取れません。Image not found": image,
		"イメージ：" + image + "、Image not found":        image,
		"→" + image + "←: manifest unknown":         image,
		"●" + image + "が見つからない。manifest unknown":    image,
		"（" + image + "）manifest unknown":           image,
		"「" + image + "」manifest unknown":           image,
	} {
		t.Run(text, func(t *testing.T) {
			if got := documentOf(t, text)["image"]; got != want {
				t.Errorf("%s: the image is %v", text, got)
			}
		})
	}
	for _, text := range []string{"Permission 'iam.serviceaccounts.actAs' denied on service account " + account + "と出ます", "Permission 'iam.serviceaccounts.actAs' denied on service account「" + account + "」（or it may not exist）。"} {
		if got := documentOf(t, text)["serviceAccount"]; got != account {
			t.Errorf("%s: the account is %v", text, got)
		}
	}
}

// A Japanese font, or keyboard, has the yen where others have the backslash.
func TestYenForBackslash(t *testing.T) {
	text := quoted(`{"textPayload":` + quoted("Image 'gcr.io/some-project/web' not found.\nsee \"logs\"") + `}`)
	for _, yen := range []string{"¥", "￥"} {
		t.Run(yen, func(t *testing.T) {
			if f := failure.Read(strings.ReplaceAll(text, `\`, yen)); f.Cause != failure.ImageNotFound || f.Image != "gcr.io/some-project/web" {
				t.Errorf("with %s it is read as %+v", yen, f)
			}
		})
	}
}

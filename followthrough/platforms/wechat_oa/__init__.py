"""WeChat Official Account 微信公众号: who follows, where they came from, and how its articles fare."""

from followthrough.contract import Platform
from followthrough.platforms.wechat_oa.article_totals import ARTICLE_TOTALS
from followthrough.platforms.wechat_oa.followers import FOLLOWERS
from followthrough.platforms.wechat_oa.user_summary import USER_SUMMARY

PLATFORM = Platform(
    name="wechat_oa",
    label="微信公众号",
    exports=(FOLLOWERS, USER_SUMMARY, ARTICLE_TOTALS),
    settings=("app_id", "open_platform"),
)
